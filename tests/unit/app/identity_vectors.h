/* Made by identity_vectors.py: do not edit. */
enum { VECTOR_NOW = 1795312800 };
static const char vector_key[] = "a-shared-secret-of-at-least-32-bytes!";
static const struct vector {
    const char *what;
    int is_right;
    const char *token;
} vectors[] = {
    {"plain", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdE"},
    {"without typ", 1,
     "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwIjoxNzk1MzEzMTAwf"
     "Q.bM44g5xS-LgbZhKrBzZngCpg3CH5FbXN9zGXaoLW2d4"},
    {"audience in a list", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJhdWQiOlsieCIsImh0dHBzOi8vY2hhdC5leGFtcGxlLm9yZyJdfQ.-3O3a4yOSPGeTI3aHbgS"
     "huE97PFyeZ79PkqpfcWJVaE"},
    {"audience as text", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJhdWQiOiJodHRwczovL2NoYXQuZXhhbXBsZS5vcmcifQ.AyPMD1UBZclZnvfJpKlR88OuIw_0"
     "xr9avo10PAzpVRc"},
    {"ten minutes", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzNDAwfQ.mNckAdz36uADWl590jeDiMTWUOR_1g2vhBYtxpdOfDM"},
    {"fractions", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLjV9.F3QjfE2K9gfI3JJ_4n0HgmDSKtRfIvIdJdk3C8wbmsQ"},
    {"expired within the leeway", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjUwMCwiZXhwI"
     "joxNzk1MzEyNzQxfQ.JYI_vQTEeYOo0NgeT-FHhsm3Zi07MyiRKxzusTs0_Lo"},
    {"a clock ahead within the leeway", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjg2MCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.punhAKLDWDP8nOmN02SwYkB_IFqzrAQb6GFrIaX8zrE"},
    {"without iat", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImV4cCI6MTc5NTMxMzQwMH0.eAJ6j"
     "Z0le5PavThaKKlV7_nK2zPAoHy1dgpENo4iwA4"},
    {"longest subject", 1,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc"
     "3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N"
     "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzcyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwIjoxNzk1MzEzMTAwfQ.ED"
     "C0_DH4qwOU14_tfDYC-zAqyl9eEAJBWa7OWRJ1kiw"},
    {"other audience", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJhdWQiOiJodHRwczovL2Vsc2V3aGVyZS5leGFtcGxlIn0.a12eMJkKmOuAYi8dFQrKuG5K4Bc"
     "XdzY1itDfaGQZ0VU"},
    {"audience of another type", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJhdWQiOjd9.mvgtX5T3k6enKYDic0wYalUv_yabF5sIjmv7KpfSiiI"},
    {"no exp", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMH0.22j6W"
     "4WePFcOQXLgMoV-McDyHgeZiHQsgvajVAft7xY"},
    {"exp as text", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joiMTc5NTMxMzEwMCJ9.KPDoSgAmDaa-PzW0zBx8gxJh7TKucqgTo5UyDEun5ms"},
    {"ten minutes and a second", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzNDAxfQ.rxW1xGTj5Plbo5fIy5VWfWcP0VVcm6zpA_d2MNlhswk"},
    {"far without iat", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImV4cCI6MTc5NTMxMzQ2MX0.qK9fL"
     "-6XudXkJC8IxTJuN4Myz_byHc6UFgZTaShHqeg"},
    {"expired", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjUwMCwiZXhwI"
     "joxNzk1MzEyNzQwfQ.fB5ozxXK6Kudh-SakXXaoX-Ihz2Huk3qMtQpHYzraVA"},
    {"issued in the future", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjg2MSwiZXhwI"
     "joxNzk1MzEzMTAwfQ.85MKcNf6uU_vX4KRsZKy5ViTrZuhv41A4-_psd7PGb4"},
    {"not before", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJuYmYiOjE3OTUzMTI4NjF9.DQGuOrMTOvqdZNoOOKfCAZDBpVG4M0pkt5CwVd_g-D0"},
    {"no subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUzMTI4MDAsImV4cCI6MTc5NTMxMzEwMH0.dsznq"
     "I2no8m27-C_ZCRJ3Ml1jstGXf3Re2SbmgZZ4Wo"},
    {"empty subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIiLCJpYXQiOjE3OTUzMTI4MDAsImV4cCI6MTc5NTMxM"
     "zEwMH0.JohMQz4oLRrErxMZl8LcVPjzftTkATiT2sUJZK-OaZU"},
    {"long subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc"
     "3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N"
     "zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3MiLCJpYXQiOjE3OTUzMTI4MDAsImV4cCI6MTc5NTMxMzEwMH0.T"
     "kj5xBUiWx3vD8kDg_qtShbCwVQVAURixavXbXKtYIc"},
    {"number as subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOjE3LCJpYXQiOjE3OTUzMTI4MDAsImV4cCI6MTc5NTMxM"
     "zEwMH0.zp_Jlyoe35y20qLh8wrFa8Nuq-aP7KCkN0eGjbrFfDI"},
    {"NUL in the subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhXHUwMDAwYiIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.o6DRe8bfvDHxM4Iimqok0Zn38s4CfHarpyEKyoUQOEo"},
    {"doubled subject", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIiwic3ViIjoiYiIsImlhdCI6MTc5NTMxMjgwMCwiZ"
     "XhwIjoxNzk1MzEzMTAwfQ.A9XzsRElYNxffvVQY_XnAtbTpRTVJkrwMeeMqKmi_58"},
    {"claims are a list", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.WyJzdWIiXQ.kSjVV3rA3_t3MBE4JEmVL6aRwvK0vFDfL1ln3wkqOA"
     "E"},
    {"another key", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.NnDEugMs8J_sp1w2tqxGVC5YfKzptnw5cHbzrctvrHI"},
    {"crit", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImNyaXQiOlsiZXhwIl19.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6M"
     "Tc5NTMxMjgwMCwiZXhwIjoxNzk1MzEzMTAwfQ.Cd58ZbvCcvX3g2rhs5_SZLLnjn6YYIEF9Sg0946PbNg"},
    {"HS512", 0,
     "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.HPlrwv5JdGqINsisY2tsFXVN0KR47vFb1h-cbyh5Uys"},
    {"hs256 in lower case", 0,
     "eyJhbGciOiJoczI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.otBpnjHbu48Ix2mJ3fzrPu-wtSek8lGoi1PHn4bHdzE"},
    {"none, signed", 0,
     "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwIj"
     "oxNzk1MzEzMTAwfQ.SC7ghf7mt_d8gAj374rALxuSfyyVRZ6aDY9ZWLE3saE"},
    {"none, unsigned", 0,
     "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwIjoxNzk1MzEzMTAwfQ"
     "."},
    {"no alg", 0,
     "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwIjoxNzk1MzEzMTAwfQ."
     "gHR-2xLhCd4HocFNmG-NvIpD9lMmSIiQ5IeohJFTRGY"},
    {"no signature", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ."},
    {"two parts", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ"},
    {"four parts", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdE.x"},
    {"padded", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdE="},
    {"a blank behind it", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdE "},
    {"signature cut", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpd"},
    {"left-over bits in the signature", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdF"},
    {"other claims under the same signature", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xOCIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwfQ.MRNU73GMp6tnEx0nRbuN39lt8pxoiL-wOu88Yx-qpdE"},
    {"too long", 0,
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaXN3YS0xNyIsImlhdCI6MTc5NTMxMjgwMCwiZXhwI"
     "joxNzk1MzEzMTAwLCJ4IjoieXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"
     "5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5e"
     "Xl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl5eXl"},
    {"empty", 0, ""},
    {"dots", 0, ".."},
};
