#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "chan/rights.h"
#include "chan/travel.h"

/* Of each class, which right lets it pass down and up; 0: none does. */
static const struct {
	uint8_t of;
	unsigned down, up;
} want[] = {
	{RD_CLASS_CONTROL, RD_RIGHT_VIEW, RD_RIGHT_VIEW},
	{RD_CLASS_PICTURE, RD_RIGHT_VIEW, 0},
	{RD_CLASS_SOUND, RD_RIGHT_SOUND, RD_RIGHT_MIC},
	{RD_CLASS_CURSOR, RD_RIGHT_VIEW, 0},
	{RD_CLASS_INPUT, 0, RD_RIGHT_INPUT},
};

/* A clipboard's class has two speakers: low types are the giver's, high ones the taker's. */
static unsigned
wanted_clipboard(bool giver, enum rd_way way)
{
	return giver == (way == RD_DOWN) ? RD_RIGHT_CLIP_OUT : RD_RIGHT_CLIP_IN;
}

static unsigned
wanted(unsigned of, bool low, enum rd_way way)
{
	if (of == RD_CLASS_CLIPBOARD)
		return wanted_clipboard(low, way);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		if (want[i].of == of)
			return way == RD_DOWN ? want[i].down : want[i].up;
	return 0;
}

/* Every class there can be, known or not, with every set of rights, both ways. */
static void
test_every_class(void **state)
{
	(void)state;
	for (unsigned of = 0; of < 256; of++)
		for (unsigned rights = 0; rights <= RD_RIGHTS_ALL; rights++)
			for (int low = 0; low < 2; low++) {
				uint16_t type = (uint16_t)(of << 8 | (low ? 0xff : 0x01));
				assert_int_equal(rd_rights_pass(rights, RD_DOWN, type),
					(rights & wanted(of, !low, RD_DOWN)) != 0);
				assert_int_equal(rd_rights_pass(rights, RD_UP, type),
					(rights & wanted(of, !low, RD_UP)) != 0);
			}
}

/* Who may not type may not give the desktop another size. */
static void
test_layout(void **state)
{
	(void)state;
	const unsigned both = RD_RIGHT_VIEW | RD_RIGHT_INPUT;
	for (unsigned rights = 0; rights <= RD_RIGHTS_ALL; rights++)
		assert_int_equal(rd_rights_pass(rights, RD_UP, RD_MSG_LAYOUT), (rights & both) == both);
}

static void
test_of_a_key(void **state)
{
	(void)state;
	struct rd_key_options o = {.desktop = true};
	assert_int_equal(rd_rights_of(&o), RD_RIGHT_VIEW);
	o.input = o.sound = o.clipboard_in = o.clipboard_out = true;
	assert_int_equal(rd_rights_of(&o), RD_RIGHTS_ALL & ~RD_RIGHT_MIC);
	o.microphone = true;
	assert_int_equal(rd_rights_of(&o), RD_RIGHTS_ALL);
	o.clipboard_in = false;
	assert_int_equal(rd_rights_of(&o), RD_RIGHTS_ALL & ~RD_RIGHT_CLIP_IN);
	o.desktop = false;
	assert_int_equal(rd_rights_of(&o), 0);
}

static void
check_text(unsigned rights, const char *text)
{
	char *got = rd_rights_text(rights);
	assert_string_equal(got, text);
	free(got);
}

static void
test_text(void **state)
{
	(void)state;
	check_text(0, "nothing");
	check_text(RD_RIGHT_VIEW, "view");
	check_text(RD_RIGHTS_ALL, "view, input, sound, clipboard out, clipboard in, microphone");
	check_text(1u << 20 | RD_RIGHT_VIEW | RD_RIGHT_INPUT, "view, input");
}

static void
check_way(uint16_t type, enum rd_travel how, enum rd_traffic traffic, uint64_t late_ns)
{
	struct rd_travels t = rd_travels(type);
	assert_int_equal(t.how, how);
	assert_int_equal(t.traffic, traffic);
	assert_true(t.late_ns == late_ns);
}

static void
test_travel(void **state)
{
	(void)state;
	check_way(RD_MSG_HELLO, RD_TRAVEL_STREAM, RD_TRAFFIC_CONTROL, 0);
	check_way(RD_MSG_ACK, RD_TRAVEL_STREAM, RD_TRAFFIC_CONTROL, 0);
	check_way(RD_MSG_SHAPE, RD_TRAVEL_STREAM, RD_TRAFFIC_CONTROL, 0);
	check_way(RD_MSG_EXACT, RD_TRAVEL_UNIT, RD_TRAFFIC_PICTURE, RD_PICTURE_LATE_NS);
	check_way(0x0301, RD_TRAVEL_UNIT, RD_TRAFFIC_SOUND, RD_SOUND_LATE_NS);
	check_way(RD_MSG_KEY, RD_TRAVEL_EVENT, RD_TRAFFIC_INPUT, 0);
	check_way(0x0601, RD_TRAVEL_STREAM, RD_TRAFFIC_CLIPBOARD, 0);
	check_way(0xff01, RD_TRAVEL_STREAM, RD_TRAFFIC_CONTROL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_class),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_of_a_key),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_travel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
