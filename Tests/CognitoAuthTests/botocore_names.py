# SPDX-License-Identifier: Apache-2.0
"""Prints the names of operations, members and exceptions in Cognito's service model, as botocore has it, one a line."""

import botocore.loaders

model = botocore.loaders.create_loader().load_service_model("cognito-idp", "service-2")
names = set(model["operations"])
for name, shape in model["shapes"].items():
    names |= set(shape.get("members", {}))
    if shape.get("exception"):
        names.add(name)
print("\n".join(sorted(names)))
