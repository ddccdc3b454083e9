"""The columns of a table of suppliers."""

from typing import Final

from services.imports.bulk import kinds as k
from services.imports.bulk.cells import Said
from services.imports.bulk.columns import Column

STATES: Final = k.choice(
    {
        "active": ("active", "فعال"),
        "planned": ("planned", "در دست احداث", "برنامه"),
        "idle": ("idle", "راکد", "غیرفعال", "متوقف"),
        "reviving": ("reviving", "در حال احیا"),
        "closed": ("closed", "تعطیل"),
    }
)

COLUMNS: Final = (
    Column(
        "id", "supplier id", "شناسه تأمین‌کننده", k.ID, ("id",),
        Said("What the supplier is known by for ever. Empty: made of the name.", "نام ماندگار تأمین‌کننده در سامانه. خالی: از نام ساخته می‌شود."),
        Said("sup-azar-friction", "sup-azar-friction"), other=("supplier",),
    ),
    Column(
        "name_fa", "Persian name", "نام فارسی", k.LINE, ("name_fa",),
        Said("Name in Persian; one of the two names must be there.", "نام فارسی؛ یکی از دو نام باید باشد."),
        Said("مواد اصطکاکی آذر", "مواد اصطکاکی آذر"), other=("نام",),
    ),
    Column(
        "name_en", "English name", "نام انگلیسی", k.LINE, ("name_en",),
        Said("Name in English; one of the two names must be there.", "نام انگلیسی؛ یکی از دو نام باید باشد."),
        Said("Azar Friction Materials", "Azar Friction Materials"), other=("name",),
    ),
    Column(
        "national_id", "national id", "شناسه ملی", k.CODE, ("identifiers",),
        Said("National id of the company (IR-CR of org-id.guide).", "شناسه ملی شرکت (IR-CR در org-id.guide)."),
        Said("10200300400", "10200300400"), part="id", fixed="IR-CR",
    ),
    Column(
        "identifier", "identifier", "شناسه ثبتی", k.CODE, ("identifiers",),
        Said("Number in another register; the register's code stands in [brackets].", "شماره در ثبتی دیگر؛ کد آن در [کروشه] می‌آید."),
        Said("", ""), part="id", named=True, shown=False,
    ),
    Column(
        "country", "country", "کشور", k.COUNTRY, ("place", "country"),
        Said("Empty: IR.", "خالی: ایران (IR)."), Said("IR", "IR"),
    ),
    Column(
        "province", "province", "استان", k.PROVINCE, ("place", "province"),
        Said("Province.", "استان."), Said("East Azerbaijan", "آذربایجان شرقی"),
    ),
    Column("city", "city", "شهر", k.LINE, ("place", "city"), Said("City.", "شهر."), Said("تبریز", "تبریز")),
    Column(
        "address", "address", "نشانی", k.LINE, ("place", "name"),
        Said("Street, industrial estate.", "خیابان، شهرک صنعتی."), Said("شهرک سلیمی، خیابان ۴", "شهرک سلیمی، خیابان ۴"),
        other=("آدرس",),
    ),
    Column(
        "description", "description", "شرح", k.LONG, ("description",),
        Said("What the supplier does.", "کار تأمین‌کننده چیست."), Said("Brake blocks and pads", "تولید لنت و کفشک ترمز"),
        other=("توضیحات",),
    ),
    Column(
        "unit_state", "plant state", "وضعیت واحد تولیدی", STATES, ("unit_state",),
        Said("Only an active plant can deliver. Empty: active.", "تنها واحد فعال تحویل می‌دهد. خالی: فعال."), Said("active", "فعال"),
        other=("وضعیت واحد",),
    ),
    Column(
        "certificate", "certificate {n}", "گواهی {n}", k.LINE, ("certificates",),
        Said("A certificate that is held; more of them as certificate 2, 3, ...", "گواهی‌نامه‌ای که دارد؛ بیشتر از یکی: گواهی ۲، ۳، ..."),
        Said("ISO 9001:2015", "ISO 9001:2015"), part="standard", other=("گواهینامه {n}", "گواهی‌نامه {n}"),
    ),
    Column(
        "certificate_until", "certificate {n} valid until", "گواهی {n} اعتبار تا", k.DATE, ("certificates",),
        Said("Its last day.", "آخرین روز اعتبار آن."), Said("2028-03-01", "۱۴۰۶/۱۲/۱۱"), part="valid_until",
    ),
    Column(
        "certificate_scope", "certificate {n} scope", "گواهی {n} دامنه", k.LINE, ("certificates",),
        Said("What it covers.", "دامنه شمول آن."), Said("", ""), part="scope", shown=False,
    ),
    Column(
        "certificate_issuer", "certificate {n} issuer", "گواهی {n} صادرکننده", k.LINE, ("certificates",),
        Said("Who issued it.", "صادرکننده آن."), Said("", ""), part="issuer", shown=False,
    ),
    Column("owner", "owner", "مالک", k.LINE, ("owner",), Said("Who owns it.", "مالک آن."), Said("", "")),
    Column(
        "email", "e-mail", "رایانامه", k.LINE, ("email",), Said("E-mail address.", "نشانی رایانامه."),
        Said("info@azar.example", "info@azar.example"), other=("email", "ایمیل", "پست الکترونیک"),
    ),
    Column(
        "phone", "phone", "تلفن", k.LINE, ("phone",), Said("Telephone, as a text cell.", "تلفن، در خانه متنی."),
        Said("+98 41 3000 0000", "+98 41 3000 0000"), other=("telephone",),
    ),
    Column(
        "website", "website", "وبگاه", k.LINE, ("website",), Said("Address on the web.", "نشانی وب."),
        Said("https://azar.example", "https://azar.example"), other=("وب‌سایت", "سایت"),
    ),
    Column(
        "languages", "languages", "زبان‌ها", k.FEW, ("languages",),
        Said("Languages for news, as fa; en. Empty: fa.", "زبان خبرها، مانند fa؛ en. خالی: fa."), Said("fa; en", "fa؛ en"),
    ),
)  # fmt: skip
