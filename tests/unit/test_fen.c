/*
 * test_fen.c: rules to the fen, where shares are no binary numbers, where awards are equal, and where nothing is at
 * hand. Every expected amount is worked out by hand.
 */
#include "play.h"

#include <math.h>

#define FEN 100.0
#define ACCOUNT(play, name) play_account(play, 0, 0, OUTLAY_ACCOUNT_##name)

/* One class; every application asks for 500 k. */
static const char plain[] = "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"
                            "classes: {firm: {count: 60}}\n"
                            "programmes:\n"
                            "  aid:\n"
                            "    budget: 10 bn\n"
                            "    award: {rate: 50%}\n"
                            "    applications: {per_year: 1.5, contract: 1 M}\n";

static void load_with(struct play *play, const char *text, const char *const *texts)
{
    struct outlay_override overrides[8];
    size_t n = 0;
    for (; texts[n] != NULL; n++) {
        overrides[n].text = texts[n];
    }
    play_load(play, text, overrides, n);
}

#define LOAD(play, text, ...) load_with(play, text, (const char *const[]){__VA_ARGS__, NULL})

/* 41 % of an award of 500 k is 205 k, of which paying 295 k draws in just that; 3.3 times 295 k is 973.5 k. */
static void test_co_funding(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "programmes.aid.award.co_funding=41%", "programmes.aid.award.capital_drawn=3.3");
    play_replicate(&play, 0);
    const double n = ACCOUNT(&play, awards);
    assert_true(n > 0.0);
    assert_true(ACCOUNT(&play, outlay) == n * 295e3 * FEN);
    assert_true(ACCOUNT(&play, co_funded) == n * 205e3 * FEN);
    assert_true(ACCOUNT(&play, capital_drawn) == n * 973500 * FEN);
    play_free(&play);
}

/* A claim of 1.15 times 500 k is 575 k, and what is verified of it is 500 k again; so with every such factor. */
static void test_inflation(void **state)
{
    (void)state;
    for (int hundredths = 101; hundredths <= 400; hundredths++) {
        struct play play;
        char set[64];
        (void)snprintf(set, sizeof set, "programmes.aid.applications.inflation=%d.%02d", hundredths / 100,
                       hundredths % 100);
        LOAD(&play, plain, set, "programmes.aid.award.rate=50%");
        play_replicate(&play, 0);
        const double n = ACCOUNT(&play, awards);
        assert_true(n > 0.0);
        assert_true(ACCOUNT(&play, committed) == n * 5e3 * hundredths * FEN);
        assert_true(ACCOUNT(&play, outlay) == n * 500e3 * FEN);
        play_free(&play);
    }
}

/* Of 100 fen that are left, each whole percentage moves on as so many fen, and promises grow by as many. */
static void test_shares_of_the_budget(void **state)
{
    (void)state;
    for (int percent = 1; percent < 100; percent++) {
        struct play play;
        char carry[64], over[64];
        (void)snprintf(carry, sizeof carry, "programmes.aid.budget.carry_over=%d%%", percent);
        LOAD(&play, plain, "horizon.years=2", "programmes.aid.budget.amount=1", "classes.firm.count=0", carry);
        play_replicate(&play, 0);
        assert_true(play_account(&play, 0, 0, OUTLAY_ACCOUNT_carried_out) == percent);
        play_free(&play);
        (void)snprintf(over, sizeof over, "programmes.aid.budget.over_allocation=1.%02d", percent);
        LOAD(&play, plain, "programmes.aid.budget.amount=1", "programmes.aid.payment.redeemed=99%", over);
        play_replicate(&play, 0);
        assert_true(ACCOUNT(&play, committed) == 100 + percent);
        play_free(&play);
    }
}

/* Money for 100 k each is shared out as 100 k each, and not a fen less. */
static void test_pro_rata_divides_evenly(void **state)
{
    (void)state;
    struct play play;
    char budget[64];
    LOAD(&play, plain, "programmes.aid.allocation={rule: pro_rata, rounds: yearly}");
    play_replicate(&play, 0);
    const double n = ACCOUNT(&play, awards);
    play_free(&play);
    for (double each = 99999.98; each < 100000.03; each += 0.01) {
        const double whole = rint(n * rint(each * FEN));
        (void)snprintf(budget, sizeof budget, "programmes.aid.budget=%.2f", whole / FEN);
        LOAD(&play, plain, "programmes.aid.allocation={rule: pro_rata, rounds: yearly}", budget);
        play_replicate(&play, 0);
        assert_true(ACCOUNT(&play, appropriation) == whole);
        assert_true(ACCOUNT(&play, committed) == whole);
        play_free(&play);
    }
}

/* The first round takes all; a later one finds nothing and serves a share of 0. */
static void test_a_round_with_nothing_at_hand(void **state)
{
    (void)state;
    static const char *const rules[] = {"programmes.aid.allocation={rule: equal_awards, rounds: quarterly}",
                                        "programmes.aid.allocation={rule: pro_rata, rounds: quarterly}"};
    for (int i = 0; i < 2; i++) {
        struct play play;
        LOAD(&play, plain, rules[i], "programmes.aid.award={rate: none, fixed: 500 k}",
             "programmes.aid.budget={amount: 0, top_ups: [{date: 12-01, amount: 1 k}]}");
        play_replicate(&play, 0);
        assert_true(ACCOUNT(&play, lowest_factor) == 0.0);
        play_free(&play);
    }
}

/* Applications that come before any money close the programme for the year, whether or not money can come back. */
static void test_close_before_the_money_comes(void **state)
{
    (void)state;
    static const char *const payments[] = {"programmes.aid.payment={redeemed: 1}",
                                           "programmes.aid.payment={redeemed: 90%, expires: 30}"};
    for (int i = 0; i < 2; i++) {
        struct play play;
        LOAD(&play, plain, "programmes.aid.budget={amount: 10 M, releases: [{date: 07-01, share: 100%}]}",
             "programmes.aid.allocation.last_award=close", payments[i]);
        play_replicate(&play, 0);
        assert_true(ACCOUNT(&play, awards) == 0.0);
        assert_true(ACCOUNT(&play, refused_for_money) == ACCOUNT(&play, applications));
        play_free(&play);
    }
}

/* Two programmes that share a budget pay for one contract: what the first asks for counts, and no replicate depends on
 * what was played before it. */
static void test_stacking_in_one_pool(void **state)
{
    (void)state;
    static const char text[] =
        "outlay: 1\ntitle: t\ncalendar: all_days\nhorizon: {start: 2025-01-01}\n"
        "classes: {firm: {count: 30}}\n"
        "programmes:\n"
        "  first: {budget: 1 bn, award: {rate: 50%}, applications: {per_year: 1, contract: 1 M}}\n"
        "  second:\n"
        "    budget: {shared_with: first}\n"
        "    award: {rate: 40%, stacks_with: first, stack_limit: 60%}\n"
        "    applications: {same_as: first}\n";
    struct play play, again;
    LOAD(&play, text, "title=t");
    LOAD(&again, text, "title=t");
    for (uint32_t replicate = 0; replicate < 5; replicate++) {
        play_replicate(&play, replicate);
        assert_true(play_account(&play, 1, 0, OUTLAY_ACCOUNT_demand) ==
                    play_account(&play, 1, 0, OUTLAY_ACCOUNT_applications) * 100e3 * FEN);
        play_replicate(&again, 7 - replicate);
        play_replicate(&again, replicate);
        for (int a = 0; a < OUTLAY_N_ACCOUNTS; a++) {
            assert_true(play_account(&play, 1, 0, (enum outlay_account)a) ==
                        play_account(&again, 1, 0, (enum outlay_account)a));
        }
    }
    play_free(&play);
    play_free(&again);
}

/*
 * On the day after a run has begun, somebody is served from the waiting list, with money that came back: once, and not
 * in the queue of that day as well. The list outlives the year, so that somebody waits when the next year's run begins.
 */
static void test_run_beside_a_waiting_list(void **state)
{
    (void)state;
    struct play play;
    LOAD(&play, plain, "programmes.aid.allocation={last_award: wait, run: {below: 60%, factor: 300}}",
         "programmes.aid.budget=3 M", "programmes.aid.payment={redeemed: 50%, expires: 1}", "horizon.years=2");
    for (uint32_t replicate = 0; replicate < 200; replicate++) {
        play_replicate(&play, replicate); /* which checks the identities */
        for (int year = 0; year < 2; year++) {
            assert_true(play_account(&play, 0, year, OUTLAY_ACCOUNT_overdrawn) == 0.0);
            assert_true(play_account(&play, 0, year, OUTLAY_ACCOUNT_committed) ==
                        play_account(&play, 0, year, OUTLAY_ACCOUNT_awards) * 500e3 * FEN);
        }
    }
    play_free(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_co_funding),
        cmocka_unit_test(test_inflation),
        cmocka_unit_test(test_shares_of_the_budget),
        cmocka_unit_test(test_pro_rata_divides_evenly),
        cmocka_unit_test(test_a_round_with_nothing_at_hand),
        cmocka_unit_test(test_close_before_the_money_comes),
        cmocka_unit_test(test_stacking_in_one_pool),
        cmocka_unit_test(test_run_beside_a_waiting_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
