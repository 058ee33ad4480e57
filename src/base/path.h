/* path.h — paths as text: join, stem, suffix, names from tables.                SPDX-License-Identifier: MIT */
#ifndef PF_PATH_H
#define PF_PATH_H
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"

struct pf_text pf_path_name(const char *path);   /* after the last '/' ("a/b/" → "b") */
struct pf_text pf_path_folder(const char *path); /* before it; "." when there is none */
struct pf_text pf_path_stem(const char *path);   /* name without its last suffix; ".x" keeps its dot */
struct pf_text pf_path_suffix(const char *path); /* last suffix with dot, or empty */
bool pf_path_is_folder_like(const char *path);   /* ends in '/' */
/* Gives folder + "/" + name (free with pf_mem_free); NULL when memory is out. */
char *pf_path_join(const char *folder, const char *name);
/* A legal file name from a table's name: runs of < > : " / \ | ? * , blanks and control characters become one
 * _, repeated _ collapse, leading and trailing _ go; "table" when nothing is left, or
 * "." or ".."; at most 200 bytes, cut at a
 * character. Gives. */
char *pf_path_safe_name(const char *name);
#endif
