"""Whom the demo organization serves: made up, every one of them."""

from typing import NamedTuple

from domain.customers import CompanyType


class Person(NamedTuple):
    """A client, or somebody who works for a company."""

    name: str
    name_ar: str


class Firm(NamedTuple):
    """A company; `client` is the place of its owner in CLIENTS."""

    name: str
    name_ar: str
    type: CompanyType
    city: str
    client: int | None = None
    workers: int = 0


CLIENTS = (
    Person("Amal Sample", "أمل نموذج"),
    Person("Basim Sample", "باسم نموذج"),
    Person("Dalal Sample", "دلال نموذج"),
    Person("Faris Sample", "فارس نموذج"),
    Person("Ghada Sample", "غادة نموذج"),
    Person("Hadi Sample", "هادي نموذج"),
    Person("Jawad Sample", "جواد نموذج"),
    Person("Karima Sample", "كريمة نموذج"),
    Person("Lamia Sample", "لمياء نموذج"),
    Person("Majid Sample", "ماجد نموذج"),
)

_C = CompanyType
COMPANIES = (
    Firm("Najd Example Trading", "نجد المثال للتجارة", _C.LLC, "Riyadh", 0, 4),
    Firm("Red Sea Example Foods", "أغذية البحر الأحمر المثال", _C.LLC, "Jeddah", 1, 3),
    Firm("Palm Example Contracting", "مقاولات النخيل المثال", _C.ESTABLISHMENT, "Riyadh", 2, 5),
    Firm("Gulf Example Logistics", "لوجستيات الخليج المثال", _C.JOINT_STOCK, "Dammam", 3, 3),
    Firm("Oasis Example Clinics", "عيادات الواحة المثال", _C.LLC, "Riyadh", 4, 2),
    Firm("Desert Rose Example Hotels", "فنادق وردة الصحراء المثال", _C.LLC, "Taif", 4, 2),
    Firm("Pearl Example Jewellery", "مجوهرات اللؤلؤ المثال", _C.ESTABLISHMENT, "Jeddah", 5),
    Firm("Falcon Example Security", "حراسات الصقر المثال", _C.LLC, "Riyadh", 6, 4),
    Firm("Cedar Example Furniture", "أثاث الأرز المثال", _C.BRANCH, "Khobar", None, 1),
    Firm("Horizon Example Software", "برمجيات الأفق المثال", _C.LLC, "Riyadh", 7, 2),
    Firm("Dune Example Travel", "سفريات الكثبان المثال", _C.OTHER, "Medina", 8),
    Firm("Amber Example Cafés", "مقاهي العنبر المثال", _C.ESTABLISHMENT, "Riyadh", 9, 3),
)
# Whom companies employ, in turn.
WORKERS = (
    Person("Arjun Worker", "أرجون عامل"),
    Person("Bilal Worker", "بلال عامل"),
    Person("Carlos Worker", "كارلوس عامل"),
    Person("Dewi Worker", "ديوي عاملة"),
    Person("Emeka Worker", "إيميكا عامل"),
    Person("Farah Worker", "فرح عاملة"),
    Person("Gopal Worker", "غوبال عامل"),
)
NATIONALITIES = ("IN", "PK", "PH", "ID", "NG", "EG", "NP")
JOBS = ("Driver", "Accountant", "Nurse", "Cook", "Technician", "Engineer")
