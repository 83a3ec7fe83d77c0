#include "media/glyphs.h"

#define FIRST 0x20
#define BOX 0x7f	/* stands for everything the font does not have */
#define COUNT (BOX - FIRST + 1)
#define PER_BLOCK 12
#define ROWS 9		/* 7 above the base line, 2 below; the rest is space */

/* The font is its own picture: from ' ' on, twelve cells side by side. */
static const char font[COUNT / PER_BLOCK][ROWS][PER_BLOCK * RD_GLYPH_WIDTH + 1] = {
	{ /* ! " # $ % & ' ( ) * + */
		"        #    # #   # #    #   ##     ##     #      #   #                ",
		"        #    # #   # #   #### ##  # #  #    #     #     #     #     #   ",
		"        #    # #  ##### # #      #  # #     #    #       #  # # #   #   ",
		"        #          # #   ###    #    #           #       #   ###  ##### ",
		"        #         #####   # #  #    # # #        #       #  # # #   #   ",
		"                   # #  ####  #  ## #  #          #     #     #     #   ",
		"        #          # #    #      ##  ## #          #   #                ",
		"                                                                        ",
		"                                                                        ",
	},
	{ /* , - . / 0 1 2 3 4 5 6 7 */
		"                      #  ###    #    ###   ###     #  #####   ##  ##### ",
		"                      # #   #  ##   #   # #   #   ##  #      #        # ",
		"                     #  #  ##   #       #     #  # #  ####  #        #  ",
		"       ###          #   # # #   #      #    ##  #  #      # ####    #   ",
		"                   #    ##  #   #     #       # #####     # #   #   #   ",
		" ##          ##   #     #   #   #    #    #   #    #  #   # #   #  #    ",
		"  #          ##   #      ###   ###  #####  ###     #   ###   ###   #    ",
		" #                                                                      ",
		"                                                                        ",
	},
	{ /* 8 9 : ; < = > ? @ A B C */
		" ###   ###                 #         #     ###   ###   ###  ####   ###  ",
		"#   # #   #               #           #   #   # #   # #   # #   # #   # ",
		"#   # #   #  ##    ##    #    #####    #      # # ### #   # #   # #     ",
		" ###   ####  ##    ##   #               #    #  # # # ##### ####  #     ",
		"#   #     #              #    #####    #    #   # ### #   # #   # #     ",
		"#   #    #   ##    ##     #           #         #     #   # #   # #   # ",
		" ###   ##    ##     #      #         #      #    #### #   # ####   ###  ",
		"                   #                                                    ",
		"                                                                        ",
	},
	{ /* D E F G H I J K L M N O */
		"####  ##### #####  ###  #   #  ###    ### #   # #     #   # #   #  ###  ",
		"#   # #     #     #   # #   #   #      #  #  #  #     ## ## #   # #   # ",
		"#   # #     #     #     #   #   #      #  # #   #     # # # ##  # #   # ",
		"#   # ####  ####  # ### #####   #      #  ##    #     # # # # # # #   # ",
		"#   # #     #     #   # #   #   #      #  # #   #     #   # #  ## #   # ",
		"#   # #     #     #   # #   #   #   #  #  #  #  #     #   # #   # #   # ",
		"####  ##### #      #### #   #  ###   ##   #   # ##### #   # #   #  ###  ",
		"                                                                        ",
		"                                                                        ",
	},
	{ /* P Q R S T U V W X Y Z [ */
		"####   ###  ####   #### ##### #   # #   # #   # #   # #   # #####  ###  ",
		"#   # #   # #   # #       #   #   # #   # #   # #   # #   #     #  #    ",
		"#   # #   # #   # #       #   #   # #   # #   #  # #   # #     #   #    ",
		"####  #   # ####   ###    #   #   # #   # # # #   #     #     #    #    ",
		"#     # # # # #       #   #   #   # #   # # # #  # #    #    #     #    ",
		"#     #  #  #  #      #   #   #   #  # #  ## ## #   #   #   #      #    ",
		"#      ## # #   # ####    #    ###    #   #   # #   #   #   #####  ###  ",
		"                                                                        ",
		"                                                                        ",
	},
	{ /* \ ] ^ _ ` a b c d e f g */
		"#      ###    #          #          #               #         ##        ",
		"#        #   # #          #         #               #        #          ",
		" #       #  #   #          #   ###  ####   ###   ####  ###  ####   #### ",
		"  #      #                        # #   # #     #   # #   #  #    #   # ",
		"   #     #                     #### #   # #     #   # #####  #    #   # ",
		"    #    #                    #   # #   # #     #   # #      #    #   # ",
		"    #  ###                     #### ####   ###   ####  ###   #     #### ",
		"                  #####                                               # ",
		"                                                                   ###  ",
	},
	{ /* h i j k l m n o p q r s */
		"#       #      #  #      ##                                             ",
		"#                 #       #                                             ",
		"####   ##     ##  #  #    #   ## #  ####   ###  ####   #### # ##   #### ",
		"#   #   #      #  # #     #   # # # #   # #   # #   # #   # ##  # #     ",
		"#   #   #      #  ##      #   # # # #   # #   # #   # #   # #      ###  ",
		"#   #   #      #  # #     #   # # # #   # #   # #   # #   # #         # ",
		"#   #  ###     #  #  #   ###  # # # #   #  ###  ####   #### #     ####  ",
		"            #  #                                #         #             ",
		"             ##                                 #         #             ",
	},
	{ /* t u v w x y z { | } ~ box */
		" #                                           #    #    #          ##### ",
		" #                                          #     #     #         #   # ",
		"####  #   # #   # #   # #   # #   # #####   #     #     #    #  # #   # ",
		" #    #   # #   # #   #  # #  #   #    #   #      #      #  # # # #   # ",
		" #    #   # #   # # # #   #   #   #   #     #     #     #   #  #  #   # ",
		" #  # #   #  # #  # # #  # #  #   #  #      #     #     #         #   # ",
		"  ##   ####   #    # #  #   #  #### #####    #    #    #          ##### ",
		"                                  #                                     ",
		"                               ###                                      ",
	},
};

/* The next cell of the text, or -1 at its end. A UTF-8 sequence is one box. */
static int
next(const char **text)
{
	const unsigned char c = (unsigned char)**text;
	if (c == 0)
		return -1;
	++*text;
	if (c >= 0xc0) {
		while (((unsigned char)**text & 0xc0) == 0x80)
			++*text;
	}
	return c >= FIRST && c < BOX ? c - FIRST : BOX - FIRST;
}

static void
draw_cell(struct rd_image *im, int x, int y, int scale, uint32_t bgrx, int cell)
{
	const struct rd_rect all = {0, 0, im->width, im->height};
	for (int row = 0; row < ROWS; row++) {
		const char *ink = &font[cell / PER_BLOCK][row][cell % PER_BLOCK * RD_GLYPH_WIDTH];
		for (int col = 0; col < RD_GLYPH_WIDTH; col++) {
			const struct rd_rect dot = {x + col * scale, y + row * scale, scale, scale};
			const struct rd_rect seen = rd_rect_intersect(dot, all);
			if (ink[col] == '#' && !rd_rect_empty(seen))
				rd_image_fill(im, seen, bgrx);
		}
	}
}

int
rd_glyphs_draw(struct rd_image *im, int x, int y, int scale, uint32_t bgrx, const char *text)
{
	const int start = x;
	for (int cell; (cell = next(&text)) >= 0; x += RD_GLYPH_WIDTH * scale)
		draw_cell(im, x, y, scale, bgrx, cell);
	return x - start;
}

int
rd_glyphs_width(const char *text, int scale)
{
	int width = 0;
	while (next(&text) >= 0)
		width += RD_GLYPH_WIDTH * scale;
	return width;
}
