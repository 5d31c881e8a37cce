/* SPDX-License-Identifier: Apache-2.0 */

#include "neighbour.h"

ROLE("save")
{
    sign_in(scene_client());
    return 0;
}

ROLE("sign out")
{
    CHECK_TEXT(told(sign_out(scene_client())), COMPLETE);
    return 0;
}

ROLE("load") { return load_within(scene_client(), 0, NULL); }
ROLE("fetch") { return fetch_within(scene_client(), 0, NULL); }
