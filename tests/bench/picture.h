#ifndef BENCH_PICTURE_H
#define BENCH_PICTURE_H

#include <stdint.h>

/*
 * The film: a camera that pans, turns and zooms over a landscape of noise with
 * details of every size and hard edges, forth and back. No grain: what plays on
 * a desktop has been through a codec before. BGRX, FILM_FRAMES pictures.
 */
#define FILM_WIDTH 640
#define FILM_HEIGHT 360
#define FILM_FRAMES 64
#define FILM_BYTES ((size_t)FILM_WIDTH * FILM_HEIGHT * 4)

void picture_make(uint8_t *frames);

/*
 * Each frame says which it is: six cells, black or white, in its top left
 * corner, the Gray code of its number, so that a look in the middle of painting
 * is off by one at most where frames follow each other.
 */
#define FILM_CELL 16
#define FILM_CELLS 6

/* The number that `bit(i)` values of the cells spell. */
unsigned picture_number(unsigned cells);

/* Of two pictures' brightness, below the row of cells. */
struct likeness { double psnr_db, ssim; };
struct likeness picture_compare(const uint8_t *a, const uint8_t *b);

#endif
