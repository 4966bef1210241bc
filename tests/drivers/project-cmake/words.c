/* SPDX-License-Identifier: MIT */
const char *made_by(void);

const char *made_by(void)
{
    return "made by CMake: ";
}
