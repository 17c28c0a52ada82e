"""What the demo organization offers: services and how they are done, packages, coupons."""

from typing import NamedTuple

from domain.coupons import DiscountType
from domain.service_definitions import EligibilityKind, StepType


class DocumentKind(NamedTuple):
    """A kind of compliance document; of companies, unless it is `of_workers`."""

    code: str
    name: str
    name_ar: str
    window: int  # days
    of_workers: bool = False


class Step(NamedTuple):
    """A step; after the one before it, unless it says after which ones."""

    key: str
    name: str
    name_ar: str
    type: StepType = StepType.TASK
    hours: int = 8  # of business, from when it is ready
    after: tuple[str, ...] | None = None
    optional: bool = False
    documents: tuple[str, ...] = ()


class Option(NamedTuple):
    """Something that costs extra, in riyals."""

    key: str
    name: str
    name_ar: str
    price: str


class Service(NamedTuple):
    """A service, its price in riyals, and in how many business hours it is to be done."""

    code: str
    name: str
    name_ar: str
    category: str
    price: str
    hours: int
    steps: tuple[Step, ...]
    options: tuple[Option, ...] = ()
    eligibility: tuple[tuple[EligibilityKind, str | None], ...] = ()
    of_companies: bool = True
    of_workers: bool = False


class Bundle(NamedTuple):
    """A package: services by their codes, how many orders of each; None is any number."""

    code: str
    name: str
    name_ar: str
    price: str
    days: int
    items: dict[str, int | None]
    renewable: bool = True
    active: bool = True


class Discount(NamedTuple):
    """A coupon; `days` say from when until when, counted from today."""

    code: str
    name: str
    type: DiscountType
    value: str
    most: str | None = None
    least: str | None = None
    days: tuple[int | None, int | None] = (None, None)
    limits: tuple[int | None, int | None] = (None, None)  # in total, for each customer
    active: bool = True


_T = StepType
REGISTRATION, TAX, LICENCE, RESIDENCE, PASSPORT = "CR", "VAT", "LICENCE", "IQAMA", "PASSPORT"
DOCUMENT_KINDS = (
    DocumentKind(REGISTRATION, "Commercial registration", "السجل التجاري", 60),
    DocumentKind(TAX, "VAT certificate", "شهادة ضريبة القيمة المضافة", 30),
    DocumentKind(LICENCE, "Municipal licence", "رخصة البلدية", 45),
    DocumentKind(RESIDENCE, "Residence permit", "هوية مقيم", 90, of_workers=True),
    DocumentKind(PASSPORT, "Passport", "جواز السفر", 180, of_workers=True),
)

_COLLECT = Step("collect-documents", "Collect documents", "جمع المستندات", _T.DOCUMENT, 16)
_REVIEW = Step("review", "Review the file", "مراجعة الملف", hours=8)
_DELIVER = Step("deliver", "Hand over the result", "تسليم النتيجة", hours=8)
_EXPRESS = Option("express", "Express handling", "معاملة عاجلة", "150.00")
_COURIER = Option("courier", "Delivery by courier", "التوصيل بالبريد السريع", "35.00")


def _fee(after: str) -> Step:
    return Step("pay-fee", "Pay the official fee", "دفع الرسوم الرسمية", _T.PAYMENT, 8, (after,))


def _authority(key: str, name: str, name_ar: str, hours: int) -> Step:
    return Step(key, name, name_ar, _T.EXTERNAL, hours, ("pay-fee",))


SERVICES = (
    Service(
        "CR-RENEW",
        "Commercial registration renewal",
        "تجديد السجل التجاري",
        "Registrations",
        "450.00",
        80,
        (
            _COLLECT._replace(documents=(REGISTRATION,)),
            _REVIEW,
            _fee("review"),
            _authority("ministry", "File with the ministry", "التقديم لدى الوزارة", 24),
            _DELIVER,
            Step("archive", "Archive a copy", "أرشفة نسخة", after=("ministry",), optional=True),
        ),
        (_EXPRESS, _COURIER),
        ((EligibilityKind.REGISTERED, None),),
    ),
    Service(
        "VAT-REG",
        "VAT registration",
        "التسجيل في ضريبة القيمة المضافة",
        "Taxes",
        "600.00",
        60,
        (
            _COLLECT._replace(documents=(REGISTRATION,)),
            Step("approve", "Approve the figures", "اعتماد الأرقام", _T.APPROVAL, 16),
            Step("file", "File the application", "تقديم الطلب", _T.EXTERNAL, 24),
            _DELIVER,
        ),
        (_EXPRESS,),
        ((EligibilityKind.VALID_DOCUMENT, REGISTRATION),),
    ),
    Service(
        "IQAMA-RENEW",
        "Residence permit renewal",
        "تجديد هوية مقيم",
        "Workers",
        "250.00",
        48,
        (
            _COLLECT._replace(documents=(PASSPORT,)),
            _fee("collect-documents"),
            _authority("passports", "Renew at the passport office", "التجديد لدى الجوازات", 16),
            _DELIVER,
        ),
        (_EXPRESS, _COURIER),
        of_workers=True,
    ),
    Service(
        "VISA-EXIT",
        "Exit and re-entry visa",
        "تأشيرة خروج وعودة",
        "Workers",
        "120.00",
        16,
        (_fee("check"), Step("check", "Check the permit", "التحقق من الهوية", hours=4, after=())),
        of_workers=True,
    ),
    Service(
        "LICENCE-MUN",
        "Municipal licence",
        "رخصة بلدية",
        "Registrations",
        "900.00",
        120,
        (
            _COLLECT._replace(documents=(REGISTRATION, TAX)),
            Step("inspection", "Inspection of the premises", "معاينة الموقع", _T.EXTERNAL, 40),
            _fee("inspection"),
            _authority("municipality", "Issue of the licence", "إصدار الرخصة", 24),
            _DELIVER,
        ),
        eligibility=(
            (EligibilityKind.VALID_DOCUMENT, REGISTRATION),
            (EligibilityKind.TAX_ID, None),
        ),
    ),
    Service(
        "TRANSLATE",
        "Legal translation",
        "ترجمة قانونية",
        "Office",
        "85.00",
        16,
        (Step("translate", "Translate", "الترجمة"), Step("seal", "Seal", "التصديق", hours=4)),
        (_EXPRESS, _COURIER),
        of_companies=False,
    ),
    Service(
        "CONSULT",
        "Consultation, one hour",
        "استشارة لمدة ساعة",
        "Office",
        "300.00",
        24,
        (Step("meet", "Meeting", "الاجتماع", hours=16),),
        of_companies=False,
    ),
)
# Not offered: one is still being written, one is not done any more.
DRAFTED = Service(
    "TRADEMARK",
    "Trademark registration",
    "تسجيل علامة تجارية",
    "Registrations",
    "1500.00",
    200,
    (_COLLECT, _REVIEW),
)
ARCHIVED = DRAFTED._replace(code="FAX", name="Sending of faxes", name_ar="إرسال الفاكس")

PACKAGES = (
    Bundle(
        "ESSENTIALS",
        "Essentials, a quarter",
        "الأساسيات لربع سنة",
        "950.00",
        90,
        {"CR-RENEW": 1, "TRANSLATE": 5},
    ),
    Bundle(
        "GROWTH",
        "Growth, a year",
        "النمو لسنة",
        "4800.00",
        365,
        {"IQAMA-RENEW": 10, "CONSULT": 6, "TRANSLATE": None},
    ),
    Bundle(
        "START",
        "First steps, a month",
        "الخطوات الأولى لشهر",
        "499.00",
        30,
        {"VAT-REG": 1},
        renewable=False,
    ),
    Bundle(
        "CLASSIC",
        "Classic, a year",
        "الكلاسيكية لسنة",
        "3600.00",
        365,
        {"CONSULT": 4},
        active=False,
    ),
)

_FIXED, _PERCENT = DiscountType.FIXED, DiscountType.PERCENTAGE
COUPONS = (
    Discount("WELCOME10", "Welcome", _PERCENT, "10", most="100.00", limits=(None, 1)),
    Discount("FIFTY", "Fifty off", _FIXED, "50.00", least="200.00", limits=(100, None)),
    Discount("NATIONALDAY", "National Day", _PERCENT, "25", days=(30, 45)),
    Discount("SPRING", "Spring", _PERCENT, "15", days=(-300, -200)),
    Discount("FIRSTTWO", "For the first two", _FIXED, "100.00", limits=(2, None)),
    Discount("RETIRED", "Not given any more", _FIXED, "25.00", active=False),
)
