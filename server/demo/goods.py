"""What the demo organizations buy, and from whom: made up as well."""

from typing import NamedTuple


class Trade(NamedTuple):
    """A kind of supplier: what they are called, and what they sell."""

    category: str
    names: tuple[tuple[str, str], ...]
    goods: tuple["Good", ...]


class Good(NamedTuple):
    description: str
    unit: str
    price: str  # in riyals
    most: int  # of it on one line
    vat_rate: str | None = None  # where it is not the usual one


TRADES = (
    Trade(
        "Office supplies",
        (
            ("Palm Office Supplies", "النخلة للأدوات المكتبية"),
            ("Crescent Stationery", "قرطاسية الهلال"),
            ("Paper and More", "الورق وأكثر"),
            ("Desk Direct", "مكتبك مباشرة"),
        ),
        (
            Good("Printer paper A4, 80 g", "ream", "14.50", 200),
            Good("Toner cartridge, black", "piece", "289.00", 12),
            Good("Lever arch files", "box", "62.75", 20),
            Good("Whiteboard markers, assorted", "pack", "23.90", 30),
        ),
    ),
    Trade(
        "Furniture",
        (
            ("Oasis Furniture", "واحة الأثاث"),
            ("Ergo Seating", "المقاعد المريحة"),
            ("Cedar Woodworks", "نجارة الأرز"),
            ("Modular Spaces", "المساحات المتعددة"),
        ),
        (
            Good("Ergonomic chair, adjustable", "piece", "875.00", 40),
            Good("Standing desk, 160 cm", "piece", "1640.00", 25),
            Good("Meeting table for ten", "piece", "4350.00", 3),
            Good("Acoustic panel", "m2", "212.40", 60),
        ),
    ),
    Trade(
        "IT equipment",
        (
            ("Falcon Systems", "أنظمة الصقر"),
            ("Byte House", "بيت البايت"),
            ("Dune Networks", "شبكات الكثبان"),
            ("Cloud Nine Hosting", "السحابة للاستضافة"),
        ),
        (
            Good("Notebook, 14 inch, 32 GB", "piece", "5290.00", 15),
            Good("Monitor, 27 inch", "piece", "1099.00", 30),
            Good("Network switch, 48 ports", "piece", "8450.00", 6),
            Good("Support contract", "month", "3200.00", 12),
        ),
    ),
    Trade(
        "Medical",
        (
            ("Shifa Medical Trading", "الشفاء للتجارة الطبية"),
            ("Clear Lens Diagnostics", "العدسة للتشخيص"),
            ("Gulf Pharma Supply", "الخليج للتوريدات الدوائية"),
            ("Steril Partners", "شركاء التعقيم"),
        ),
        (
            Good("Nitrile gloves, medium", "box", "31.20", 150),
            Good("Blood pressure monitor", "piece", "415.00", 10),
            Good("Essential medicines, monthly set", "set", "2780.00", 6, "0"),
            Good("Examination couch", "piece", "6900.00", 3),
        ),
    ),
    Trade(
        "Food",
        (
            ("Green Valley Produce", "الوادي الأخضر للخضار"),
            ("Date Garden", "بستان التمر"),
            ("Red Sea Fish", "أسماك البحر الأحمر"),
            ("Golden Wheat Bakery", "مخبز القمح الذهبي"),
        ),
        (
            Good("Fresh vegetables, mixed", "kg", "7.35", 400),
            Good("Dates, first quality", "kg", "28.60", 80),
            Good("Hamour fillet", "kg", "64.90", 60),
            Good("Bread rolls", "tray", "18.25", 100),
        ),
    ),
    Trade(
        "Construction",
        (
            ("Granite Contracting", "الجرانيت للمقاولات"),
            ("Steel and Beam", "الصلب والعوارض"),
            ("Bright Electric Works", "الأعمال الكهربائية المضيئة"),
            ("Cool Air Services", "خدمات الهواء البارد"),
        ),
        (
            Good("Ready-mix concrete C35", "m3", "268.00", 120),
            Good("Structural steel, galvanised", "t", "4125.00", 14),
            Good("Split air conditioner, 24,000 BTU", "piece", "3480.00", 12),
            Good("Electrician, certified", "hour", "145.00", 160),
        ),
    ),
    Trade(
        "Vehicles",
        (
            ("Desert Road Motors", "محركات طريق الصحراء"),
            ("Tyre Point", "نقطة الإطارات"),
            ("Fleet Care", "العناية بالأسطول"),
            ("Atlas Lubricants", "أطلس للزيوت"),
        ),
        (
            Good("Tyre 275/65 R18", "piece", "742.50", 32),
            Good("Engine oil 5W-30", "litre", "21.80", 200),
            Good("Full service, pick-up", "service", "1390.00", 10),
            Good("Battery 90 Ah", "piece", "468.00", 16),
        ),
    ),
    Trade(
        "Energy",
        (
            ("Sun Harvest", "حصاد الشمس"),
            ("Power Bridge", "جسر الطاقة"),
            ("Blue Flame Gas", "اللهب الأزرق للغاز"),
            ("Watt Works", "أعمال الواط"),
        ),
        (
            Good("Solar panel 550 W", "piece", "693.00", 90),
            Good("Inverter, three-phase 50 kW", "piece", "14250.00", 3),
            Good("Diesel for generators", "litre", "1.66", 6000),
            Good("LPG cylinder", "piece", "94.50", 40),
        ),
    ),
    Trade(
        "Services",
        (
            ("Spotless Cleaning", "النظافة التامة"),
            ("Safe Guard Security", "الحارس الأمين"),
            ("Swift Couriers", "المراسلون السريعون"),
            ("Word Bridge Translation", "جسر الكلمات للترجمة"),
        ),
        (
            Good("Office cleaning", "month", "7800.00", 6),
            Good("Security guard, day shift", "shift", "260.00", 90),
            Good("Courier delivery, same day", "delivery", "38.00", 120),
            Good("Certified translation", "page", "85.00", 140),
        ),
    ),
    Trade(
        "Print",
        (
            ("Ink and Sign", "الحبر واللافتة"),
            ("Bold Banners", "اللافتات البارزة"),
            ("Fine Bindery", "التجليد الراقي"),
            ("Colour House", "بيت الألوان"),
        ),
        (
            Good("Brochure, 16 pages", "piece", "6.40", 3000),
            Good("Roll-up banner", "piece", "189.00", 20),
            Good("Illuminated sign, 3 m", "piece", "5650.00", 4),
            Good("Business cards", "100", "72.00", 40),
        ),
    ),
)

# Code, riyals for one unit; suppliers abroad invoice in these.
CURRENCIES = (("USD", "3.75"), ("EUR", "4.082500"), ("KWD", "12.214300"), ("JPY", "0.025100"))

NOTES = (
    None,
    "Please deliver before noon.",
    "Deliver to the service entrance; call ahead.",
    "يرجى التسليم في الطابق الثاني.",
    "Partial deliveries are welcome.",
    "Quote our order number on the invoice.",
)
ADDRESSES = (
    "King Fahd Road, Riyadh 12271",
    "Tahlia Street, Jeddah 23326",
    "Second Industrial City, Dammam 32234",
    None,
)
COMMENTS = (None, "Approved.", "Within budget.", "موافق.", "Fine, but compare prices next time.")
CHANGES = (
    "Please split this over two quarters.",
    "The quantity looks too high: check the stock first.",
    "يرجى إضافة عرض سعر آخر.",
    "Wrong project: move it and submit again.",
)
REASONS = (
    "Over budget for this quarter.",
    "We still have enough of it.",
    "السعر أعلى من السوق.",
    "Use the framework contract instead.",
)
CANCELLED = ("Ordered by mistake.", None, "The supplier cannot deliver.", "لم يعد مطلوبا.")
REJECTED = ("Damaged in transit.", "Not what was ordered.", "عيب في التصنيع.", "Past its date.")
