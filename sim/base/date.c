/* date.c: days of the proleptic Gregorian calendar. */
#include "outlay/date.h"

#include <stdio.h>
#include <string.h>

#define MIN_YEAR 1900
#define MAX_YEAR 2200

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

/* Years start in March in both, so that the leap day is the last of its year (Hinnant: days_from_civil). */
int32_t outlay_date_to_day(struct outlay_date date)
{
    const int32_t y = date.year - (date.month <= 2 ? 1 : 0);
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t year_of_era = y - era * 400;
    const int32_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    const int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct outlay_date outlay_date_from_day(int32_t epoch_day)
{
    const int32_t z = epoch_day + 719468;
    const int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int32_t day_of_era = z - era * 146097;
    const int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int32_t month = (5 * day_of_year + 2) / 153; /* from March */
    const int32_t civil_month = month + (month < 10 ? 3 : -9);
    return (struct outlay_date){
        .year = year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0),
        .month = civil_month,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
}

int outlay_date_weekday(int32_t epoch_day)
{
    /* 1 January 1970 was a Thursday */
    const int weekday = (epoch_day + 3) % 7;
    return weekday < 0 ? weekday + 7 : weekday;
}

bool outlay_date_is_valid(struct outlay_date date)
{
    return date.year >= MIN_YEAR && date.year <= MAX_YEAR && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_of_month(date.year, date.month);
}

static int two_digits(const char *text)
{
    return 10 * (text[0] - '0') + (text[1] - '0');
}

bool outlay_date_parse(const char *text, struct outlay_date *date)
{
    static const char pattern[] = "dddd-dd-dd";
    if (strlen(text) != sizeof pattern - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof pattern - 1; i++) {
        if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i]) {
            return false;
        }
    }
    const struct outlay_date read = {100 * two_digits(text) + two_digits(text + 2), two_digits(text + 5),
                                     two_digits(text + 8)};
    if (!outlay_date_is_valid(read)) {
        return false;
    }
    *date = read;
    return true;
}

char *outlay_date_iso(int32_t epoch_day, char buffer[16])
{
    const struct outlay_date date = outlay_date_from_day(epoch_day);
    /* the remainders tell the compiler that nothing is cut; they change no valid date */
    (void)snprintf(buffer, 16, "%04u-%02u-%02u", (unsigned)date.year % 10000u, (unsigned)date.month % 100u,
                   (unsigned)date.day % 100u);
    return buffer;
}

char *outlay_date_words(int32_t epoch_day, char buffer[16])
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct outlay_date date = outlay_date_from_day(epoch_day);
    (void)snprintf(buffer, 16, "%u %s %04u", (unsigned)date.day % 100u, months[date.month - 1],
                   (unsigned)date.year % 10000u);
    return buffer;
}

struct outlay_date outlay_date_add_years(struct outlay_date date, int years)
{
    date.year += years;
    if (date.month == 2 && date.day == 29 && !is_leap_year(date.year)) {
        date.month = 3;
        date.day = 1;
    }
    return date;
}
