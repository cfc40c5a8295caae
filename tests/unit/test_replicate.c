/*
 * test_replicate.c: one replicate against what the rules say: identities over many rules, exact limits, examples
 * worked by hand, and what must not change when something else does.
 */
#include "play.h"

#include <math.h>
#include <string.h>

#define HEAD "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"

static const char plain[] = HEAD "classes:\n"
                                 "  big: {count: 40, size_sigma: 0.8}\n"
                                 "  small: {count: 200}\n"
                                 "programmes:\n"
                                 "  aid:\n"
                                 "    budget: 40 M\n"
                                 "    award: {rate: 50%, cap: 1 M}\n"
                                 "    applications:\n"
                                 "      per_year: 1.5\n"
                                 "      take_up: 0.7\n"
                                 "      contract: {lognormal: {median: 500 k, sigma: 1}}\n"
                                 "      size_exponent: 0.5\n";

/* The texts of --set, ended by NULL, as overrides. */
static size_t overrides_of(const char *const *texts, struct outlay_override *overrides)
{
    size_t n = 0;
    for (; texts[n] != NULL; n++) {
        overrides[n].text = texts[n];
    }
    return n;
}

static void load_with(struct play *play, const char *text, const char *const *texts)
{
    struct outlay_override overrides[16];
    play_load(play, text, overrides, overrides_of(texts, overrides));
}

#define LOAD(play, text, ...) load_with(play, text, (const char *const[]){__VA_ARGS__, NULL})

static const char *const last_awards[] = {"partial", "close", "skip"};
static const char *const commits[] = {"application", "decision"};
static const char *const carries[] = {"none", "all"};

/* Every combination of rules, over three fiscal years that begin in April, in 20 replicates each. */
static void test_identities(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * 2 * 2 * 2; i++) {
        char last[80], commit[80], carry[80], budget[80];
        snprintf(last, sizeof last, "programmes.aid.allocation.last_award=%s", last_awards[i % 3]);
        snprintf(commit, sizeof commit, "programmes.aid.allocation.commit=%s", commits[i / 3 % 2]);
        snprintf(carry, sizeof carry, "programmes.aid.budget.carry_over=%s", carries[i / 6 % 2]);
        snprintf(budget, sizeof budget, "programmes.aid.budget.amount=%s", i / 12 ? "90 M" : "30 M");
        struct play play;
        LOAD(&play, plain, last, commit, carry, budget, "horizon={start: 2025-04-01, years: 3}", "calendar=weekdays",
             "programmes.aid.review={approved: 70%, working_days: {gamma: {mean: 20, sd: 15}}}",
             "programmes.aid.award.applicant_cap=1.2 M", "programmes.aid.award.minimum_contract=50 k",
             "programmes.aid.applications.dispersion=2", "classes.big.growth=20%");
        for (uint32_t replicate = 0; replicate < 20; replicate++) {
            play_replicate(&play, replicate);
        }
        play_free(&play);
    }
}

/* The check of the identities can fail: each account, moved by a fen, breaks one. */
static void test_identities_twin(void **state)
{
    (void)state;
    struct play play;
    play_load(&play, plain, NULL, 0);
    play_replicate(&play, 0);
    for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
        const bool is_free = a == OUTLAY_ACCOUNT_waiting || a == OUTLAY_ACCOUNT_co_funded ||
                             a == OUTLAY_ACCOUNT_capital_drawn || a == OUTLAY_ACCOUNT_induced ||
                             a == OUTLAY_ACCOUNT_deadweight;
        if (is_free) {
            continue; /* told beside the money, not part of it */
        }
        play.outcome->account[a] += 1.0;
        const char *violation = outlay_outcome_violation(play.plan, play.outcome);
        assert_non_null(violation);
        play.outcome->account[a] -= 1.0;
    }
    assert_null(outlay_outcome_violation(play.plan, play.outcome));
    play_free(&play);
}

static void test_no_budget(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "programmes.aid.budget=0");
    play_replicate(&play, 3);
    assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_demand) > 0.0);
    assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_committed) == 0.0);
    assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_awards) == 0.0);
    /* about 250 applications a year: the first comes within days */
    assert_in_range(play.outcome->exhaustion_day[0], 0, 14);
    play_free(&play);
}

static void test_endless_budget(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "programmes.aid.budget=1e12");
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&play, replicate);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_unmet) == 0.0);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_outlay) ==
                    play_account(&play, 0, 0, OUTLAY_ACCOUNT_demand));
        assert_int_equal(play.outcome->exhaustion_day[0], OUTLAY_NEVER);
    }
    play_free(&play);
}

/* Contracts of 1 M at 50 %: everything is a multiple of half a million. */
static void test_no_variance(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "programmes.aid.applications.contract=1 M", "programmes.aid.applications.size_exponent=0",
         "programmes.aid.budget=12300000");
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&play, replicate);
        const double n = play_account(&play, 0, 0, OUTLAY_ACCOUNT_applications);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_demand) == n * 5e7);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_contract_value) == n * 1e8);
        assert_true(n > 25.0);
        /* 24 awards of 500 k and one of 300 k */
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_awards) == 25.0);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_committed) == 1.23e9);
    }
    play_free(&play);
}

/* The same, under the three rules for the award that no longer fits. */
static void test_last_award(void **state)
{
    (void)state;
    const double awards[] = {25.0, 24.0, 24.0};
    const double committed[] = {1.23e9, 1.2e9, 1.2e9};
    for (int i = 0; i < 3; i++) {
        char last[80];
        snprintf(last, sizeof last, "programmes.aid.allocation.last_award=%s", last_awards[i]);
        struct play play;
        LOAD(&play, plain, last, "programmes.aid.applications.contract=1 M",
             "programmes.aid.applications.size_exponent=0", "programmes.aid.budget=12300000");
        play_replicate(&play, 1);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_awards) == awards[i]);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_committed) == committed[i]);
        assert_int_not_equal(play.outcome->exhaustion_day[0], OUTLAY_NEVER);
        play_free(&play);
    }
}

/* With awards of 500 k and of 20 k, `skip` goes on giving small ones after the large ones no longer fit. */
static void test_skip_serves_the_small(void **state)
{
    (void)state;
    double committed[3];
    for (int i = 0; i < 3; i++) {
        char last[80];
        snprintf(last, sizeof last, "programmes.aid.allocation.last_award=%s", last_awards[i]);
        struct play play;
        LOAD(&play, plain, last, "programmes.aid.applications.contract=1 M",
             "programmes.aid.applications.by_class={small: {contract: 40 k}}",
             "programmes.aid.applications.size_exponent=0", "programmes.aid.budget=3330000");
        play_replicate(&play, 2);
        committed[i] = play_account(&play, 0, 0, OUTLAY_ACCOUNT_committed);
        play_free(&play);
    }
    assert_true(committed[0] == 3.33e8);                                /* partial: to the last fen */
    assert_true(committed[1] < committed[2]);                           /* close stops at the first that does not fit */
    assert_true(committed[2] > 3.33e8 - 2e6 && committed[2] <= 3.33e8); /* skip: less than a small award is left */
}

static void test_larger_budget_is_never_exhausted_earlier(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        char last[80];
        snprintf(last, sizeof last, "programmes.aid.allocation.last_award=%s", last_awards[i]);
        struct play low, high;
        LOAD(&low, plain, last, "programmes.aid.budget=20 M");
        LOAD(&high, plain, last, "programmes.aid.budget=25 M");
        for (uint32_t replicate = 0; replicate < 50; replicate++) {
            play_replicate(&low, replicate);
            play_replicate(&high, replicate);
            const int32_t early = low.outcome->exhaustion_day[0], late = high.outcome->exhaustion_day[0];
            assert_true(late == OUTLAY_NEVER || (early != OUTLAY_NEVER && early <= late));
            assert_true(play_account(&low, 0, 0, OUTLAY_ACCOUNT_demand) ==
                        play_account(&high, 0, 0, OUTLAY_ACCOUNT_demand));
        }
        play_free(&low);
        play_free(&high);
    }
}

/* Amounts 1024 times as large, where nothing is rounded: every account 1024 times as large, every day the same. */
static void test_money_scales(void **state)
{
    (void)state;
    struct play one, many;
    LOAD(&one, plain, "programmes.aid.applications.contract=640 k", "programmes.aid.applications.size_exponent=0",
         "programmes.aid.budget=12345678");
    LOAD(&many, plain, "programmes.aid.applications.contract=655360 k", "programmes.aid.applications.size_exponent=0",
         "programmes.aid.budget=12641974272", "programmes.aid.award.cap=1024 M");
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&one, replicate);
        play_replicate(&many, replicate);
        for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            const double factor = outlay_accounts[a].unit == OUTLAY_UNIT_MONEY ? 1024.0 : 1.0;
            assert_true(play_account(&many, 0, 0, (enum outlay_account)a) ==
                        factor * play_account(&one, 0, 0, (enum outlay_account)a));
        }
        assert_int_equal(one.outcome->exhaustion_day[0], many.outcome->exhaustion_day[0]);
    }
    play_free(&one);
    play_free(&many);
}

/* Replicate 7 after others, alone, and with a workspace that has to grow for it. */
static void test_replicate_alone(void **state)
{
    (void)state;
    struct play play, alone;
    play_load(&play, plain, NULL, 0);
    play_load(&alone, plain, NULL, 0);
    for (uint32_t replicate = 0; replicate <= 7; replicate++) {
        play_replicate(&play, replicate);
    }
    play_replicate(&alone, 7);
    const size_t n_days = (size_t)play.plan->n_days;
    assert_memory_equal(play.outcome->account, alone.outcome->account, OUTLAY_N_ACCOUNTS * sizeof(double));
    assert_memory_equal(play.outcome->class_account, alone.outcome->class_account,
                        2 * OUTLAY_N_ACCOUNTS * sizeof(double));
    assert_memory_equal(play.outcome->commitment, alone.outcome->commitment, n_days * sizeof(double));
    assert_int_equal(play.outcome->exhaustion_day[0], alone.outcome->exhaustion_day[0]);
    play_free(&alone);

    play_load(&alone, plain, NULL, 0);
    outlay_workspace_free(alone.work);
    alone.plan->capacity = 10;
    assert_int_equal(outlay_workspace_new(&alone.work, alone.plan), OUTLAY_OK);
    alone.outcome = outlay_workspace_outcome(alone.work);
    assert_true(outlay_replicate_play(alone.plan, (struct outlay_path){0, 7}, alone.work) > 10);
    play_replicate(&alone, 7);
    assert_memory_equal(play.outcome->account, alone.outcome->account, OUTLAY_N_ACCOUNTS * sizeof(double));
    play_free(&alone);
    play_free(&play);
}

/* Classes in another order, and a further class: nobody else's numbers move. */
static void test_classes_by_name(void **state)
{
    (void)state;
    static const char swapped[] = HEAD "classes:\n"
                                       "  small: {count: 200}\n"
                                       "  new: {count: 50}\n"
                                       "  big: {count: 40, size_sigma: 0.8}\n"
                                       "programmes:\n"
                                       "  aid:\n"
                                       "    budget: 1 bn\n"
                                       "    award: {rate: 50%, cap: 1 M}\n"
                                       "    applications:\n"
                                       "      per_year: 1.5\n"
                                       "      take_up: 0.7\n"
                                       "      contract: {lognormal: {median: 500 k, sigma: 1}}\n"
                                       "      size_exponent: 0.5\n";
    struct play play, other;
    LOAD(&play, plain, "programmes.aid.budget=1 bn");
    play_load(&other, swapped, NULL, 0);
    for (uint32_t replicate = 0; replicate < 10; replicate++) {
        play_replicate(&play, replicate);
        play_replicate(&other, replicate);
        const double *a = play.outcome->class_account, *b = other.outcome->class_account;
        assert_memory_equal(a, b + 2 * OUTLAY_N_ACCOUNTS, OUTLAY_N_ACCOUNTS * sizeof(double)); /* big */
        assert_memory_equal(a + OUTLAY_N_ACCOUNTS, b, OUTLAY_N_ACCOUNTS * sizeof(double));     /* small */
    }
    play_free(&play);
    play_free(&other);
}

/* On the day on which money runs out it is the clock that decides, not the order of the classes in the file. */
static void test_short_day_has_no_favourites(void **state)
{
    (void)state;
    static const char one_day[] = HEAD "classes: {a: {count: 300}, b: {count: 300}}\n"
                                       "programmes:\n"
                                       "  aid:\n"
                                       "    budget: 1 M\n"
                                       "    award: {rate: 100%}\n"
                                       "    applications:\n"
                                       "      per_year: 1\n"
                                       "      contract: 10 k\n"
                                       "      arrivals: {opens: 2025-03-03, closes: 2025-03-03}\n";
    struct play play;
    play_load(&play, one_day, NULL, 0);
    double awards[2] = {0.0, 0.0};
    for (uint32_t replicate = 0; replicate < 200; replicate++) {
        play_replicate(&play, replicate);
        assert_int_equal(play.outcome->exhaustion_day[0], 61); /* 3 March */
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_awards) == 100.0);
        awards[0] += play.outcome->class_account[OUTLAY_ACCOUNT_awards];
        awards[1] += play.outcome->class_account[OUTLAY_N_ACCOUNTS + OUTLAY_ACCOUNT_awards];
    }
    /* 20000 awards, half to each; their standard deviation is below sqrt(20000) / 2 = 71: five of them */
    assert_true(fabs(awards[0] - 10000.0) < 355.0);
    assert_true(awards[0] + awards[1] == 20000.0);
    play_free(&play);
}

/* One applicant with many contracts never gets more than its yearly cap, in the order in which it applies. */
static void test_applicant_cap(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "classes.big.count=0", "classes.small.count=1", "programmes.aid.applications.per_year=60",
         "programmes.aid.applications.take_up=1", "programmes.aid.award.applicant_cap=2.5 M",
         "programmes.aid.budget=1 bn", "programmes.aid.applications.contract=600 k");
    for (uint32_t replicate = 0; replicate < 10; replicate++) {
        play_replicate(&play, replicate);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_demand) == 2.5e8);
        /* 300 k each: eight whole awards and one of 100 k */
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_awards) == 9.0);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_refused_on_merits) ==
                    play_account(&play, 0, 0, OUTLAY_ACCOUNT_applications) - 9.0);
    }
    play_free(&play);
}

/*
 * A rule by which one contract in a million millions is not eligible changes nothing; but what an applicant holds is
 * then added up anew for each contract, because some of it could have been refused.
 */
static void test_applicant_cap_by_two_ways(void **state)
{
    (void)state;
    struct play plainly, anew;
    LOAD(&plainly, plain, "programmes.aid.applications.per_year=9", "programmes.aid.award.applicant_cap=1.5 M",
         "programmes.aid.budget=1 bn");
    LOAD(&anew, plain, "programmes.aid.applications.per_year=9", "programmes.aid.award.applicant_cap=1.5 M",
         "programmes.aid.budget=1 bn", "programmes.aid.award.eligible=0.999999999999");
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&plainly, replicate);
        play_replicate(&anew, replicate);
        assert_true(play_account(&plainly, 0, 0, OUTLAY_ACCOUNT_refused_on_merits) > 100.0);
        assert_memory_equal(plainly.outcome->commitment, anew.outcome->commitment, 365 * sizeof(double));
        for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            assert_true(plainly.outcome->account[a] == anew.outcome->account[a]);
        }
    }
    play_free(&plainly);
    play_free(&anew);
}

/* 29 % of 1.00 is 0.29, though 0.29 x 100 in binary lies below 29. Origin: paper and pencil. */
static void test_decimal_rates(void **state)
{
    (void)state;
    const char *const rates[] = {"29%", "57%", "58%", "7%", "0.0001", "99.99%"};
    const double award[] = {29.0, 57.0, 58.0, 7.0, 0.0, 99.0};
    for (int i = 0; i < 6; i++) {
        char rate[80];
        snprintf(rate, sizeof rate, "programmes.aid.award.rate=%s", rates[i]);
        struct play play;
        LOAD(&play, plain, rate, "programmes.aid.applications.contract=1",
             "programmes.aid.applications.size_exponent=0");
        play_replicate(&play, 0);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_demand) ==
                    award[i] * play_account(&play, 0, 0, OUTLAY_ACCOUNT_applications));
        play_free(&play);
    }
}

/* Money reserved for applications that are refused later can be promised again; on decision it never leaves. */
static void test_reservation(void **state)
{
    (void)state;
    struct play reserved, decided;
    LOAD(&reserved, plain, "programmes.aid.review={approved: 50%, working_days: 10}",
         "programmes.aid.allocation.commit=application", "programmes.aid.budget=20 M");
    LOAD(&decided, plain, "programmes.aid.review={approved: 50%, working_days: 10}", "programmes.aid.budget=20 M");
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&reserved, replicate);
        play_replicate(&decided, replicate);
        assert_true(play_account(&reserved, 0, 0, OUTLAY_ACCOUNT_returned) > 0.0);
        assert_true(play_account(&reserved, 0, 0, OUTLAY_ACCOUNT_committed) > 2e9);
        assert_true(play_account(&decided, 0, 0, OUTLAY_ACCOUNT_returned) == 0.0);
        assert_true(play_account(&decided, 0, 0, OUTLAY_ACCOUNT_committed) <= 2e9);
        assert_true(play_account(&decided, 0, 0, OUTLAY_ACCOUNT_pending) > 0.0);
        assert_true(play_account(&decided, 0, 0, OUTLAY_ACCOUNT_outstanding) == 0.0);
    }
    play_free(&reserved);
    play_free(&decided);
}

/* Ten working days of review: nothing is committed before the tenth working day after the opening. */
static void test_review_days(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "calendar=china", "programmes.aid.review.working_days=10",
         "programmes.aid.applications.arrivals={opens: 2025-01-20, rush: {share: 50%, days: 1}}");
    play_replicate(&play, 0);
    /* after 20 January: 21-24, 26 (make-up), 27 January; 5-8 February (8: make-up) make ten (State Council notice) */
    const int32_t tenth = 31 + 8 - 1;
    assert_true(play.outcome->commitment[tenth - 1] == 0.0);
    assert_true(play.outcome->commitment[tenth] > 0.0);
    play_free(&play);
}

static void test_carry_over(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "horizon.years=3", "programmes.aid.budget={amount: 200 M, carry_over: all}");
    play_replicate(&play, 0);
    assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_carried_out) > 0.0);
    for (int year = 0; year < 3; year++) {
        assert_true(play_account(&play, 0, year, OUTLAY_ACCOUNT_lapsed) == 0.0);
        if (year > 0) {
            assert_true(play_account(&play, 0, year, OUTLAY_ACCOUNT_carried_in) ==
                        play_account(&play, 0, year - 1, OUTLAY_ACCOUNT_carried_out));
        }
    }
    /* the cumulative commitment starts anew with each fiscal year */
    assert_true(play.outcome->commitment[365] < play.outcome->commitment[364]);
    play_free(&play);
}

/* A participant stays one: with take-up 50 % and a sure contract each year, the same applicants come every year. */
static void test_participants_stay(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "horizon.years=2", "classes.big.count=0", "classes.small.count=400",
         "programmes.aid.applications.take_up=0.5", "programmes.aid.applications.per_year=30",
         "programmes.aid.budget=1e12", "programmes.aid.applications.size_exponent=0");
    double ratio = 0.0;
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        play_replicate(&play, replicate);
        const double first = play_account(&play, 0, 0, OUTLAY_ACCOUNT_applications);
        const double second = play_account(&play, 0, 1, OUTLAY_ACCOUNT_applications);
        /* 200 +- 10 participants x 30: between years only the Poisson part differs, sd sqrt(2 x 6000) = 110 */
        ratio = fmax(ratio, fabs(first - second));
    }
    assert_true(ratio > 0.0 && ratio < 5.0 * 110.0);
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_identities_twin),
        cmocka_unit_test(test_no_budget),
        cmocka_unit_test(test_endless_budget),
        cmocka_unit_test(test_no_variance),
        cmocka_unit_test(test_last_award),
        cmocka_unit_test(test_skip_serves_the_small),
        cmocka_unit_test(test_larger_budget_is_never_exhausted_earlier),
        cmocka_unit_test(test_money_scales),
        cmocka_unit_test(test_replicate_alone),
        cmocka_unit_test(test_classes_by_name),
        cmocka_unit_test(test_short_day_has_no_favourites),
        cmocka_unit_test(test_applicant_cap),
        cmocka_unit_test(test_applicant_cap_by_two_ways),
        cmocka_unit_test(test_decimal_rates),
        cmocka_unit_test(test_reservation),
        cmocka_unit_test(test_review_days),
        cmocka_unit_test(test_carry_over),
        cmocka_unit_test(test_participants_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
