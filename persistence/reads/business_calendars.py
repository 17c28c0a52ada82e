"""Business calendars."""

from persistence import tables as t
from persistence.reads.records import SqlRecords, searched_list
from usecases.reads.business_calendars import BusinessCalendarRow


class SqlBusinessCalendars(SqlRecords[BusinessCalendarRow]):
    listed = searched_list(BusinessCalendarRow, t.business_calendars)
