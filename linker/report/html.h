/* SPDX-License-Identifier: MIT
 *
 * The files of html/, compiled in (cmake/embed.cmake). */
#ifndef WELT_REPORT_HTML_H
#define WELT_REPORT_HTML_H

extern const char report_css[], report_js[];

#endif
