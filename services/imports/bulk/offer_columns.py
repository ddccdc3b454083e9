"""The columns of a table of offers."""

from typing import Final

from services.imports.bulk import kinds as k
from services.imports.bulk.cells import Said
from services.imports.bulk.columns import Column

OFFER_KINDS: Final = k.choice(
    {"product": ("product", "محصول", "کالا"), "capability": ("capability", "توانمندی", "توانایی", "خدمت ساخت")}
)
PERIODS: Final = k.choice(
    {
        "month": ("month", "ماه", "ماهانه", "monthly", "per month", "در ماه"),
        "year": ("year", "سال", "سالانه", "yearly", "per year", "در سال"),
        "week": ("week", "هفته", "هفتگی", "weekly", "per week", "در هفته"),
        "day": ("day", "روز", "روزانه", "daily", "per day", "در روز"),
    }
)

CLASSES: Final = (
    Column(
        "class", "class {n}", "رده {n}", k.CLASS, ("classifications",),
        Said("What it is, in Peyvand's tree of product classes; more of them as class 2, 3, ...", "رده کالا در درخت پیوند؛ بیشتر از یکی: رده ۲، ۳، ..."),
        Said("composite-brake-block", "composite-brake-block"), part="id", other=("product class {n}", "رده کالا {n}"),
    ),
    Column(
        "code", "code", "کد", k.CODE, ("classifications",),
        Said("Code of another classification, whose name stands in [brackets]: code [CPV], code [HS].", "کد رده‌بندی دیگر، که نام آن در [کروشه] می‌آید: کد [CPV]، کد [HS]."),
        Said("8607.21", "8607.21"), part="id", named=True,
    ),
)  # fmt: skip

COLUMNS: Final = (
    Column(
        "supplier_id", "supplier id", "شناسه تأمین‌کننده", k.ID, ("supplier_id",),
        Said("Whose offer it is.", "پیشنهاد از کیست."), Said("sup-azar-friction", "sup-azar-friction"),
        required=True, other=("supplier",),
    ),
    Column(
        "id", "offer id", "شناسه پیشنهاد", k.ID, ("id",),
        Said("What the offer is known by at its supplier. Empty: made of the title.", "نام ماندگار پیشنهاد نزد تأمین‌کننده. خالی: از عنوان ساخته می‌شود."),
        Said("off-k-block", "off-k-block"), other=("offer", "product id", "شناسه محصول"),
    ),
    Column(
        "title", "title", "عنوان", k.LINE, ("title",), Said("What is offered.", "چه عرضه می‌شود."),
        Said("Composite brake block, K type", "کفشک ترمز کامپوزیت نوع K"), required=True, other=("نام محصول", "عنوان محصول"),
    ),
    Column(
        "kind", "kind", "نوع", OFFER_KINDS, ("kind",),
        Said("A product, or the capability to make to drawing. Empty: product.", "محصول، یا توانمندی ساخت از روی نقشه. خالی: محصول."),
        Said("product", "محصول"),
    ),
    Column(
        "description", "description", "شرح", k.LONG, ("description",), Said("More about it.", "شرح بیشتر."), Said("", ""),
        other=("توضیحات",),
    ),
    *CLASSES,
    Column(
        "part_numbers", "part numbers", "شماره‌های فنی", k.LIST, ("part_numbers",),
        Said("Part and drawing numbers that it stands for.", "شماره‌های فنی و نقشه."), Said("K-320; UIC K 320", "K-320؛ UIC K 320"),
        other=("part number", "شماره فنی"),
    ),
    Column("gtin", "GTIN", "گتین", k.GTIN, ("gtin",), Said("Bar code number.", "شماره بارکد."), Said("", ""), shown=False),
    Column("brand", "brand", "نام تجاری", k.LINE, ("brand",), Said("Brand.", "نام تجاری."), Said("AzarBrake", "آذرترمز"), other=("برند",)),
    Column(
        "attribute", "attribute", "مشخصه", k.LINE, ("attributes",),
        Said(
            "A property: its name stands in the header after a colon, its unit in [brackets]: attribute: weight [kg]. A number, a range (10 - 20, >= 10), several values with ; between, a word, yes or no.",
            "یک ویژگی: نامش در سرستون پس از دونقطه و یکایش در [کروشه] می‌آید: مشخصه: وزن [kg]. عدد، بازه (۱۰ تا ۲۰، حداقل ۱۰)، چند مقدار با ؛، واژه، بله یا خیر.",
        ),
        Said("4.2", "۴٫۲"), named=True, other=("ویژگی", "property"),
    ),
    Column(
        "standard", "standard {n}", "استاندارد {n}", k.LINE, ("standards",),
        Said("A standard that the offer meets; more of them as standard 2, 3, ...", "استانداردی که برآورده است؛ بیشتر از یکی: استاندارد ۲، ۳، ..."),
        Said("UIC 541-4", "UIC 541-4"), part="standard",
    ),
    Column(
        "standard_until", "standard {n} valid until", "استاندارد {n} اعتبار تا", k.DATE, ("standards",),
        Said("Last day of its certificate.", "آخرین روز اعتبار گواهی آن."), Said("2028-06-30", "۱۴۰۷/۰۴/۱۰"), part="valid_until",
    ),
    Column(
        "standard_issuer", "standard {n} issuer", "استاندارد {n} صادرکننده", k.LINE, ("standards",),
        Said("Who issued it.", "صادرکننده آن."), Said("", ""), part="issuer", shown=False,
    ),
    Column(
        "processes", "processes", "فرایندها", k.NAMES, ("processes",),
        Said("How it is made.", "چگونه ساخته می‌شود."), Said("hot pressing; curing", "پرس گرم؛ پخت"), other=("فرآیندها", "process"),
    ),
    Column(
        "materials", "materials", "مواد", k.NAMES, ("materials",), Said("What it is made of.", "از چه ساخته می‌شود."),
        Said("phenolic resin", "رزین فنولیک"), other=("جنس", "material"),
    ),
    Column(
        "capacity", "capacity", "ظرفیت", k.FROM_ZERO, ("capacity", "quantity"),
        Said("How much can be delivered in a period.", "در هر دوره چه مقدار تحویل می‌شود."), Said("15,000", "۱۵٬۰۰۰"),
    ),
    Column(
        "capacity_unit", "capacity unit", "واحد ظرفیت", k.LINE, ("capacity", "unit"),
        Said("Unit of the capacity.", "یکای ظرفیت."), Said("pcs", "عدد"),
    ),
    Column(
        "capacity_per", "capacity per", "دوره ظرفیت", PERIODS, ("capacity", "per"),
        Said("The period. Empty: month.", "دوره آن. خالی: ماه."), Said("month", "ماه"),
    ),
    Column(
        "lead_time_days", "lead time (days)", "زمان تحویل (روز)", k.DAYS, ("lead_time_days",),
        Said("Days from order to delivery.", "روزهای میان سفارش و تحویل."), Said("45", "۴۵"), other=("مهلت تحویل",),
    ),
    Column(
        "min_order", "minimum order", "حداقل سفارش", k.NUMBER, ("min_order", "quantity"),
        Said("Least quantity of one order.", "کمترین مقدار یک سفارش."), Said("500", "۵۰۰"),
    ),
    Column(
        "min_order_unit", "minimum order unit", "واحد حداقل سفارش", k.LINE, ("min_order", "unit"),
        Said("Its unit.", "یکای آن."), Said("pcs", "عدد"),
    ),
    Column(
        "local_content_percent", "local content (percent)", "سهم ساخت داخل (درصد)", k.PERCENT, ("local_content_percent",),
        Said("Share of domestic value.", "سهم ارزش ساخت داخل."), Said("82", "۸۲٪"), other=("ساخت داخل", "درصد ساخت داخل"),
    ),
    Column(
        "local_content_year", "local content year", "سال محاسبه ساخت داخل", k.YEAR, ("local_content", "year"),
        Said("When it was computed.", "سال محاسبه آن."), Said("1404", "۱۴۰۴"),
    ),
    Column(
        "local_content_formula", "local content formula", "فرمول ساخت داخل", k.LINE, ("local_content", "formula"),
        Said("How it was computed.", "شیوه محاسبه آن."), Said("", ""), shown=False,
    ),
    Column(
        "local_content_evidence", "local content evidence", "مدرک ساخت داخل", k.LINE, ("local_content", "evidence"),
        Said("What proves it.", "مدرک آن."), Said("", ""),
    ),
    Column(
        "unit_id", "plant id", "شناسه واحد", k.ID, ("unit_id",),
        Said("The plant that makes it, where a supplier has several.", "واحدی که آن را می‌سازد، اگر چند واحد هست."), Said("", ""), shown=False,
    ),
    Column("valid_from", "valid from", "اعتبار از", k.DATE, ("valid_from",), Said("First day of the offer.", "نخستین روز پیشنهاد."), Said("2026-11-01", "۱۴۰۵/۰۸/۱۰")),
    Column("valid_until", "valid until", "اعتبار تا", k.DATE, ("valid_until",), Said("Last day of the offer.", "آخرین روز پیشنهاد."), Said("2027-12-31", "۱۴۰۶/۱۰/۱۰")),
    Column(
        "input", "input {n}", "ماده اولیه {n}", k.LINE, ("inputs",),
        Said("What it is made from; more of them as input 2, 3, ...", "از چه ماده یا قطعه‌ای؛ بیشتر از یکی: ماده اولیه ۲، ۳، ..."), Said("", ""),
        part="name", shown=False,
    ),
    Column("input_hs", "input {n} HS code", "ماده اولیه {n} کد HS", k.LINE, ("inputs",), Said("Its HS code.", "کد HS آن."), Said("", ""), part="hs", shown=False),
    Column("input_origin", "input {n} country", "ماده اولیه {n} کشور", k.COUNTRY, ("inputs",), Said("Where it comes from.", "از کجا می‌آید."), Said("", ""), part="origin", shown=False),
    Column("input_imported", "input {n} imported", "ماده اولیه {n} وارداتی", k.YES_NO, ("inputs",), Said("Whether it is imported.", "آیا وارداتی است."), Said("", ""), part="imported", shown=False),
    Column("input_percent", "input {n} percent", "ماده اولیه {n} درصد", k.PERCENT, ("inputs",), Said("Its share of the value.", "سهم آن در ارزش."), Said("", ""), part="value_percent", shown=False),
    Column("document", "document {n}", "سند {n}", k.LINE, ("documents",), Said("Title of a document elsewhere.", "عنوان سندی در جایی دیگر."), Said("", ""), part="title", shown=False),
    Column("document_url", "document {n} address", "سند {n} نشانی", k.LINE, ("documents",), Said("Its address.", "نشانی آن."), Said("", ""), part="url", shown=False),
)  # fmt: skip
