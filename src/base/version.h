#ifndef RD_BASE_VERSION_H
#define RD_BASE_VERSION_H

/* "0.1.0 (a1b2c3d)": the release and the commit it was built from. */
extern const char rd_version[];

#endif
