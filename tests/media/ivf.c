#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/ivf.h"

/* The bytes ffmpeg and libvpx write for the same. */
static void
has_the_layout_others_read(void **state)
{
	(void)state;
	static const uint8_t header[RD_IVF_HEADER_SIZE] = {
		'D', 'K', 'I', 'F', 0, 0, 32, 0, 'V', 'P', '9', '0',
		0x80, 0x07, 0x38, 0x04,		/* 1920 x 1080 */
		0x30, 0x75, 0, 0, 0xe9, 0x03, 0, 0, /* 30000 / 1001 */
		60, 0, 0, 0, 0, 0, 0, 0,
	};
	uint8_t out[RD_IVF_HEADER_SIZE];
	rd_ivf_header(out, "VP90", 1920, 1080, 30000, 1001, 60);
	assert_memory_equal(out, header, sizeof(header));

	static const uint8_t frame[RD_IVF_FRAME_SIZE] = {
		0x78, 0x56, 0x34, 0x12, 8, 7, 6, 5, 4, 3, 2, 1,
	};
	rd_ivf_frame(out, 0x12345678, UINT64_C(0x0102030405060708));
	assert_memory_equal(out, frame, sizeof(frame));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_layout_others_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
