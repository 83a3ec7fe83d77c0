#ifndef RD_BASE_FOLDER_H
#define RD_BASE_FOLDER_H

#include <stdbool.h>

/* The folder of the user's keys and config.yaml. */

/* $XDG_CONFIG_HOME/rd or ~/.config/rd, made with mode 0700 if `make`; caller frees. NULL with errno. */
char *rd_folder_own(bool make);
/* dir/name; caller frees. */
char *rd_folder_path(const char *name, bool make);
/* Makes a folder, 0700, and those above it. 0, also when it is there, or negative errno. */
int rd_folder_make(const char *dir);

#endif
