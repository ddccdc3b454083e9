"""The columns of a table of demands, of which each row is an item."""

from typing import Final

from services.imports.bulk import kinds as k
from services.imports.bulk.cells import Said
from services.imports.bulk.columns import Column
from services.imports.bulk.offer_columns import CLASSES

STAGES: Final = k.choice(
    {
        "tender": ("tender", "مناقصه"),
        "plan": ("plan", "برنامه"),
        "market_engagement": ("market engagement", "بازارسنجی"),
        "framework": ("framework", "چارچوبی", "قرارداد چارچوبی"),
    }
)
CATEGORIES: Final = k.choice(
    {
        "one_off": ("one-off", "یک‌باره"),
        "series": ("series", "سری"),
        "after_sales": ("after-sales", "پس از فروش"),
        "extraordinary": ("extraordinary", "فوق‌العاده"),
    }
)
ITEM: Final = ("items",)

COLUMNS: Final = (
    Column(
        "demand_id", "demand id", "شناسه تقاضا", k.ID, ("id",),
        Said("What the demand is known by; rows with the same one are its items and stand together.", "نام ماندگار تقاضا؛ ردیف‌هایی با یک شناسه، قلم‌های آن‌اند و کنار هم می‌آیند."),
        Said("dem-1404-0041", "dem-1404-0041"), required=True, whole=True, other=("demand", "tender id", "شناسه مناقصه"),
    ),
    Column(
        "buyer", "buyer", "خریدار", k.LINE, ("buyer", "name"),
        Said("Who buys; on the first row of a demand.", "خریدار کیست؛ در نخستین ردیف تقاضا."), Said("RAI", "راه‌آهن جمهوری اسلامی ایران"),
        required=True, whole=True,
    ),
    Column(
        "buyer_id", "buyer id", "شناسه خریدار", k.ID, ("buyer", "id"),
        Said("Empty: made of the buyer's name.", "خالی: از نام خریدار ساخته می‌شود."), Said("rai", "rai"), whole=True,
    ),
    Column(
        "demand_title", "demand title", "عنوان تقاضا", k.LINE, ("title",),
        Said("Empty: the title of the first item.", "خالی: عنوان نخستین قلم."), Said("Brake blocks for wagons", "کفشک ترمز واگن"), whole=True,
    ),
    Column("demand_description", "demand description", "شرح تقاضا", k.LONG, ("description",), Said("More about it.", "شرح بیشتر."), Said("", ""), whole=True),
    Column("stage", "stage", "مرحله", STAGES, ("stage",), Said("Only a tender is open to offers. Empty: tender.", "تنها مناقصه برای پیشنهاد باز است. خالی: مناقصه."), Said("tender", "مناقصه"), whole=True),
    Column("category", "category", "گونه خرید", CATEGORIES, ("category",), Said("Empty: one-off.", "خالی: یک‌باره."), Said("series", "سری"), whole=True),
    Column("plan_id", "plan id", "شناسه برنامه", k.ID, ("plan_id",), Said("The plan that it comes from.", "برنامه‌ای که از آن آمده است."), Said("", ""), whole=True, shown=False),
    Column("ocid", "OCID", "کد OCID", k.LINE, ("ocid",), Said("Open contracting id.", "شناسه قراردادهای باز."), Said("", ""), whole=True, shown=False),
    Column("published", "published", "تاریخ انتشار", k.DATE, ("published",), Said("Day of publication.", "روز انتشار."), Said("2026-11-24", "۱۴۰۵/۰۹/۰۳"), whole=True),
    Column("closes", "closes", "مهلت پیشنهاد", k.DATE, ("closes",), Said("Last day for offers.", "آخرین روز دریافت پیشنهاد."), Said("2027-01-15", "۱۴۰۵/۱۰/۲۵"), whole=True, other=("deadline", "مهلت")),
    Column("contact", "contact", "تماس", k.LINE, ("contact",), Said("Whom to ask.", "از که بپرسند."), Said("", ""), whole=True),
    Column(
        "item_id", "item", "ردیف", k.ID, (*ITEM, "id"),
        Said("Id of the item within its demand. Empty: 1, 2, 3 by its place.", "شناسه قلم درون تقاضا. خالی: ۱، ۲، ۳ به ترتیب."), Said("1", "۱"),
        other=("item id", "شناسه قلم", "قلم"),
    ),
    Column(
        "title", "item title", "عنوان قلم", k.LINE, (*ITEM, "title"), Said("What is wanted.", "چه خواسته شده است."),
        Said("Composite brake block", "کفشک ترمز کامپوزیت"), required=True, other=("title", "عنوان", "شرح کالا"),
    ),
    Column("description", "description", "شرح قلم", k.LONG, (*ITEM, "description"), Said("More about it.", "شرح بیشتر."), Said("", ""), other=("شرح", "توضیحات", "item description")),
    *(
        Column(c.key, c.en, c.fa, c.kind, (*ITEM, *c.path), c.about, c.example, part=c.part, named=c.named, other=c.other)
        for c in CLASSES
    ),
    Column("part_numbers", "part numbers", "شماره‌های فنی", k.LIST, (*ITEM, "part_numbers"), Said("Part and drawing numbers.", "شماره‌های فنی و نقشه."), Said("K-320", "K-320"), other=("part number", "شماره فنی")),
    Column("quantity", "quantity", "مقدار", k.NUMBER, (*ITEM, "quantity"), Said("How much.", "چه مقدار."), Said("20,000", "۲۰٬۰۰۰"), required=True, other=("تعداد",)),
    Column("unit", "unit", "واحد", k.LINE, (*ITEM, "unit"), Said("Unit of the quantity.", "یکای مقدار."), Said("pcs", "عدد"), other=("یکا", "واحد اندازه گیری")),
    Column("needed_by", "needed by", "تاریخ نیاز", k.DATE, (*ITEM, "needed_by"), Said("Last day of delivery.", "آخرین روز تحویل."), Said("2027-08-31", "۱۴۰۶/۰۶/۰۹")),
    Column("delivery_country", "delivery country", "کشور تحویل", k.COUNTRY, (*ITEM, "delivery_place", "country"), Said("Empty: IR.", "خالی: ایران (IR)."), Said("", ""), shown=False),
    Column("delivery_province", "delivery province", "استان تحویل", k.PROVINCE, (*ITEM, "delivery_place", "province"), Said("Where it is delivered.", "محل تحویل."), Said("Tehran", "تهران")),
    Column("delivery_city", "delivery city", "شهر تحویل", k.LINE, (*ITEM, "delivery_place", "city"), Said("City.", "شهر."), Said("تهران", "تهران")),
    Column("delivery_address", "delivery address", "نشانی تحویل", k.LINE, (*ITEM, "delivery_place", "name"), Said("Depot, street.", "انبار، خیابان."), Said("", "")),
    Column(
        "requirement", "requirement", "الزام", k.LINE, (*ITEM, "requirements"),
        Said(
            "What a property must be: its name stands in the header after a colon, its unit in [brackets]: requirement: weight [kg]. A range (10 - 20, >= 10, max 20), an exact value, or several of which one is enough with ; between.",
            "آنچه از یک ویژگی خواسته است: نامش در سرستون پس از دونقطه و یکایش در [کروشه] می‌آید: الزام: وزن [kg]. بازه (۱۰ تا ۲۰، حداقل ۱۰، حداکثر ۲۰)، مقدار معین، یا چند مقدار با ؛ که یکی بس است.",
        ),
        Said("4 - 5", "۴ تا ۵"), named=True,
    ),
    Column(
        "standard", "standard {n}", "استاندارد {n}", k.EITHER, (*ITEM, "standards"),
        Said("A standard that must be met; those of which one is enough with | between; more of them as standard 2, 3, ...", "استانداردی که باید برآورده باشد؛ میان آن‌هایی که یکی بس است |؛ بیشتر از یکی: استاندارد ۲، ۳، ..."),
        Said("ISO 9001 | ISO 22163", "ISO 9001 | ISO 22163"),
    ),
    Column("min_local_content_percent", "minimum local content (percent)", "حداقل سهم ساخت داخل (درصد)", k.PERCENT, (*ITEM, "min_local_content_percent"), Said("Least share of domestic value.", "کمترین سهم ارزش ساخت داخل."), Said("60", "۶۰٪"), other=("حداقل ساخت داخل",)),
    Column("lot_id", "lot", "بخش", k.ID, (*ITEM, "lot_id"), Said("Items of one lot are awarded together.", "قلم‌های یک بخش با هم واگذار می‌شوند."), Said("", ""), other=("lot id", "شناسه بخش")),
    Column("lot_title", "lot title", "عنوان بخش", k.LINE, (*ITEM, "lot_title"), Said("Title of the lot.", "عنوان بخش."), Said("", ""), shown=False),
    Column("value", "estimated value", "ارزش برآوردی", k.AMOUNT, (*ITEM, "estimated_value", "amount"), Said("Of the whole item.", "ارزش همه قلم."), Said("", "")),
    Column("currency", "currency", "ارز", k.CURRENCY, (*ITEM, "estimated_value", "currency"), Said("Empty: IRR.", "خالی: ریال (IRR)."), Said("", "")),
    Column("imported_brand", "imported brand", "نام تجاری وارداتی", k.LINE, (*ITEM, "imported", "brand"), Said("As what it is imported today.", "اکنون با چه نامی وارد می‌شود."), Said("", "")),
    Column("imported_maker", "imported maker", "سازنده وارداتی", k.LINE, (*ITEM, "imported", "maker"), Said("Who makes it abroad.", "سازنده خارجی آن."), Said("", ""), shown=False),
    Column("imported_part_numbers", "imported part numbers", "شماره‌های فنی وارداتی", k.NAMES, (*ITEM, "imported", "part_numbers"), Said("The maker's numbers.", "شماره‌های سازنده."), Said("", ""), shown=False),
    Column("imported_hs", "imported HS code", "کد HS وارداتی", k.LINE, (*ITEM, "imported", "hs"), Said("HS code of the import.", "کد تعرفه واردات."), Said("", ""), shown=False),
    Column("imported_origin", "imported from", "کشور مبدأ", k.COUNTRY, (*ITEM, "imported", "origin"), Said("Country it comes from.", "از کدام کشور می‌آید."), Said("", "")),
    Column("imported_quantity", "imported per year", "واردات سالانه", k.NUMBER, (*ITEM, "imported", "annual_quantity"), Said("Quantity imported in a year.", "مقدار واردات در سال."), Said("", ""), shown=False),
    Column("imported_value", "imported unit value", "قیمت واحد وارداتی", k.AMOUNT, (*ITEM, "imported", "unit_value", "amount"), Said("Price of one.", "بهای هر واحد."), Said("", ""), shown=False),
    Column("imported_currency", "imported currency", "ارز وارداتی", k.CURRENCY, (*ITEM, "imported", "unit_value", "currency"), Said("Its currency.", "ارز آن."), Said("", ""), shown=False),
    Column("imported_target", "imported until", "هدف پایان واردات", k.DATE, (*ITEM, "imported", "target_date"), Said("When it is to be made at home.", "تا کی در داخل ساخته شود."), Said("", ""), shown=False),
)  # fmt: skip
