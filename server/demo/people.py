"""Who works at the demo organizations, and for what: made up, every one of them."""

from typing import NamedTuple

DOMAIN = "demo.example.com"
OTHER_DOMAIN = "other.example.com"
SANDBOX_DOMAIN = "sandbox.example.com"


class Person(NamedTuple):
    """`key` is what the others call them here; those with a token have it in credentials.json."""

    key: str
    name: str
    name_ar: str
    role: str


def address(key: str, domain: str) -> str:
    return f"{key.replace('_', '.')}@{domain}"


class Unit(NamedTuple):
    """A department, or a project; `person` is its head or owner."""

    code: str
    name: str
    name_ar: str
    person: str


# Whose tokens go into credentials.json.
TOKENS = ("admin", "buyer", "department_head", "finance_manager", "cfo")
OTHER_TOKENS = ("admin",)

PEOPLE = (
    Person("admin", "Demo Admin", "مدير النظام التجريبي", "admin"),
    Person("buyer", "Demo Buyer", "المشتري التجريبي", "buyer"),
    Person("department_head", "Demo Department Head", "رئيس القسم التجريبي", "department_head"),
    Person("finance_manager", "Demo Finance Manager", "المدير المالي التجريبي", "finance_manager"),
    Person("cfo", "Demo CFO", "الرئيس المالي التجريبي", "cfo"),
    Person(
        "procurement_manager",
        "Demo Procurement Manager",
        "مدير المشتريات التجريبي",
        "procurement_manager",
    ),
    Person("employee", "Demo Employee", "الموظف التجريبي", "employee"),
    Person("finance_viewer", "Demo Finance Viewer", "مراقب الحسابات التجريبي", "finance_viewer"),
    Person("second_buyer", "Second Buyer", "المشتري الثاني", "buyer"),
    Person("head_of_it", "Head of IT", "رئيس تقنية المعلومات", "department_head"),
    Person("head_of_clinic", "Head of Clinic", "رئيس العيادة", "department_head"),
    Person("head_of_kitchen", "Head of Kitchen", "رئيس المطبخ", "department_head"),
    Person("head_of_workshop", "Head of Workshop", "رئيس الورشة", "department_head"),
    Person("case_worker", "Demo Case Worker", "موظف المعاملات التجريبي", "case_worker"),
    Person("service_manager", "Demo Service Manager", "مدير الخدمات التجريبي", "service_manager"),
    Person("former_buyer", "Former Buyer", "المشتري السابق", "buyer"),
)
INACTIVE = {"former_buyer"}

DEPARTMENTS = (
    Unit("OPS", "Operations", "العمليات", "department_head"),
    Unit("ADM", "Administration", "الإدارة", "department_head"),
    Unit("IT", "Information Technology", "تقنية المعلومات", "head_of_it"),
    Unit("CLN", "Clinic", "العيادة", "head_of_clinic"),
    Unit("KIT", "Kitchen", "المطبخ", "head_of_kitchen"),
    Unit("WSH", "Workshop", "الورشة", "head_of_workshop"),
)

PROJECTS = (
    Unit("P-HQ", "Headquarters Refurbishment", "تجديد المقر الرئيسي", "department_head"),
    Unit("P-JED", "Jeddah Branch Opening", "افتتاح فرع جدة", "procurement_manager"),
    Unit("P-DMM", "Dammam Warehouse", "مستودع الدمام", "procurement_manager"),
    Unit("P-ERP", "Back Office Roll-out", "إطلاق نظام المكتب الخلفي", "head_of_it"),
    Unit("P-NET", "Network Renewal", "تحديث الشبكة", "head_of_it"),
    Unit("P-CLN", "Clinic Equipment", "تجهيز العيادة", "head_of_clinic"),
    Unit("P-KIT", "Kitchen Extension", "توسعة المطبخ", "head_of_kitchen"),
    Unit("P-FLT", "Fleet Maintenance", "صيانة الأسطول", "head_of_workshop"),
    Unit("P-SOL", "Solar Roof", "الأسطح الشمسية", "head_of_workshop"),
    Unit("P-OLD", "Archive Move", "نقل الأرشيف", "department_head"),
)
ARCHIVED = {"P-OLD"}
COMMITTEE = "P-DMM"  # what it needs, most heads agree to, and then all
URGENT = "P-FLT"  # what it needs, the head decides on in time, or the CFO does

OTHER_PEOPLE = (
    Person("admin", "Other Admin", "مدير الشركة الأخرى", "admin"),
    Person("buyer", "Other Buyer", "مشتري الشركة الأخرى", "buyer"),
)
OTHER_DEPARTMENTS = (Unit("GEN", "General", "عام", "admin"),)
