# SPDX-License-Identifier: Apache-2.0
"""Prints Cognito's endpoints as botocore resolves them, for all regions it knows.

One line each: region, FIPS (0 or 1), dual-stack (0 or 1), URL or "error".
"""

import botocore.loaders
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

loader = botocore.loaders.create_loader()
partitions = loader.load_data("partitions")
rules = loader.load_service_model("cognito-idp", "endpoint-rule-set-1")
provider = EndpointProvider(rules, partitions)

for partition in partitions["partitions"]:
    for region in sorted(partition["regions"]):
        # "aws-global" and its like stand for no region; no user pool is in one.
        if region.endswith("-global"):
            continue
        for fips in (False, True):
            for dualstack in (False, True):
                try:
                    url = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dualstack).url
                except EndpointProviderError:
                    url = "error"
                print(region, int(fips), int(dualstack), url)
