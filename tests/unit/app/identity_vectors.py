#!/usr/bin/env python3
"""Prints identity_vectors.h: signed identities made by Python's hmac, not by the code they test."""
import base64
import hashlib
import hmac
import json

KEY = b"a-shared-secret-of-at-least-32-bytes!"
NOW = 1795312800
HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"sub": "siswa-17", "iat": NOW, "exp": NOW + 300}


def text(part):
    return part if isinstance(part, str) else json.dumps(part, separators=(",", ":"))


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(header, claims, key=KEY):
    signed = base64url(text(header).encode()) + "." + base64url(text(claims).encode())
    return signed + "." + base64url(hmac.new(key, signed.encode(), hashlib.sha256).digest())


GOOD = token(HEADER, CLAIMS)
FIRST, MIDDLE, LAST = GOOD.split(".")
ROWS = [
    ("plain", 1, GOOD),
    ("without typ", 1, token({"alg": "HS256"}, CLAIMS)),
    ("audience in a list", 1, token(HEADER, {**CLAIMS, "aud": ["x", "https://chat.example.org"]})),
    ("audience as text", 1, token(HEADER, {**CLAIMS, "aud": "https://chat.example.org"})),
    ("ten minutes", 1, token(HEADER, {**CLAIMS, "exp": NOW + 600})),
    ("fractions", 1, token(HEADER, {**CLAIMS, "exp": NOW + 300.5})),
    ("expired within the leeway", 1, token(HEADER, {**CLAIMS, "iat": NOW - 300, "exp": NOW - 59})),
    ("a clock ahead within the leeway", 1, token(HEADER, {**CLAIMS, "iat": NOW + 60})),
    ("without iat", 1, token(HEADER, {"sub": "siswa-17", "exp": NOW + 600})),
    ("longest subject", 1, token(HEADER, {**CLAIMS, "sub": "s" * 128})),
    ("other audience", 0, token(HEADER, {**CLAIMS, "aud": "https://elsewhere.example"})),
    ("audience of another type", 0, token(HEADER, {**CLAIMS, "aud": 7})),
    ("no exp", 0, token(HEADER, {"sub": "siswa-17", "iat": NOW})),
    ("exp as text", 0, token(HEADER, {**CLAIMS, "exp": str(NOW + 300)})),
    ("ten minutes and a second", 0, token(HEADER, {**CLAIMS, "exp": NOW + 601})),
    ("far without iat", 0, token(HEADER, {"sub": "siswa-17", "exp": NOW + 661})),
    ("expired", 0, token(HEADER, {**CLAIMS, "iat": NOW - 300, "exp": NOW - 60})),
    ("issued in the future", 0, token(HEADER, {**CLAIMS, "iat": NOW + 61})),
    ("not before", 0, token(HEADER, {**CLAIMS, "nbf": NOW + 61})),
    ("no subject", 0, token(HEADER, {"iat": NOW, "exp": NOW + 300})),
    ("empty subject", 0, token(HEADER, {**CLAIMS, "sub": ""})),
    ("long subject", 0, token(HEADER, {**CLAIMS, "sub": "s" * 129})),
    ("number as subject", 0, token(HEADER, {**CLAIMS, "sub": 17})),
    ("NUL in the subject", 0, token(HEADER, '{"sub":"a\\u0000b","iat":%d,"exp":%d}' % (NOW, NOW + 300))),
    ("doubled subject", 0, token(HEADER, '{"sub":"a","sub":"b","iat":%d,"exp":%d}' % (NOW, NOW + 300))),
    ("claims are a list", 0, token(HEADER, '["sub"]')),
    ("another key", 0, token(HEADER, CLAIMS, b"another-secret-of-at-least-32-bytes!!")),
    ("crit", 0, token({**HEADER, "crit": ["exp"]}, CLAIMS)),
    ("HS512", 0, token({**HEADER, "alg": "HS512"}, CLAIMS)),
    ("hs256 in lower case", 0, token({**HEADER, "alg": "hs256"}, CLAIMS)),
    ("none, signed", 0, token({**HEADER, "alg": "none"}, CLAIMS)),
    ("none, unsigned", 0, base64url(b'{"alg":"none"}') + "." + MIDDLE + "."),
    ("no alg", 0, token({"typ": "JWT"}, CLAIMS)),
    ("no signature", 0, FIRST + "." + MIDDLE + "."),
    ("two parts", 0, FIRST + "." + MIDDLE),
    ("four parts", 0, GOOD + ".x"),
    ("padded", 0, GOOD + "="),
    ("a blank behind it", 0, GOOD + " "),
    ("signature cut", 0, GOOD[:-1]),
    ("left-over bits in the signature", 0, GOOD[:-1] + chr(ord(GOOD[-1]) + 1)),
    ("other claims under the same signature", 0,
     FIRST + "." + base64url(text({**CLAIMS, "sub": "siswa-18"}).encode()) + "." + LAST),
    ("too long", 0, token(HEADER, {**CLAIMS, "x": "y" * 4096})[:4500]),
    ("empty", 0, ""),
    ("dots", 0, ".."),
]

print("/* Made by identity_vectors.py: do not edit. */")
print("enum { VECTOR_NOW = %d };" % NOW)
print('static const char vector_key[] = "%s";' % KEY.decode())
print("static const struct vector {\n    const char *what;\n    int is_right;\n    const char *token;\n} vectors[] = {")
for what, is_right, made in ROWS:
    chunks = [made[i:i + 90] for i in range(0, len(made), 90)] or [""]
    print('    {"%s", %d,\n     %s},' % (what, is_right, "\n     ".join('"%s"' % chunk for chunk in chunks)))
print("};")
