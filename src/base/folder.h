#ifndef RD_BASE_FOLDER_H
#define RD_BASE_FOLDER_H

#include <stdbool.h>

/* Folders; first of all the one of the user's keys and config.yaml. */

/* $XDG_CONFIG_HOME/rd or ~/.config/rd, made with mode 0700 if `make`; caller frees. NULL with errno. */
char *rd_folder_own(bool make);
/* dir/name; caller frees. */
char *rd_folder_path(const char *name, bool make);
/* In which folder that is: of "a/b" it is "a", of "b" ".", of "/b" "/"; caller frees. */
char *rd_folder_of(const char *path);
/* Makes a folder, 0700, and those above it. 0, also when it is there, or negative errno. */
int rd_folder_make(const char *dir);

#endif
