"""Verifies a consent receipt with joserfc, an implementation of JOSE that shares no code with this program.

verify.py KEY < TOKEN      KEY: the Ed25519 public key, base64 as the roster has it

Prints the payload as JSON and ends with 0; with 1 where the library refuses the token.
"""

import base64
import json
import sys

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

public = base64.urlsafe_b64encode(base64.b64decode(sys.argv[1])).rstrip(b"=").decode()
key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
token = sys.stdin.read().rstrip("\n")
try:
    verified = jws.deserialize_compact(token, key, algorithms=["EdDSA"])
except (JoseError, ValueError) as error:
    print(f"refused: {error}", file=sys.stderr)
    sys.exit(1)
header = verified.headers()
assert header["typ"] == "consent-receipt+jwt", header
assert header["kid"] == key.thumbprint(), header
json.dump(json.loads(verified.payload), sys.stdout)
