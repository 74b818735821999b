"""Whose requests are served: those signed with the key of this region, or with one that its STS or IAM gave out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

import base64
import binascii
import hashlib
import hmac
import os
import time
from dataclasses import dataclass, field

from ministack.core import iam_evaluator, sigv4
from ministack.core.responses import get_account_id, get_region, json_response
from ministack.services import ecr, iam, sts

from .http_request import HttpRequest
from .key_names import KEY_ID, SECRET
from .replacing import replace

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
_TOKEN_SECONDS = 12 * 60 * 60
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html#PresignedUrl-Expiration
_LONGEST_PRESIGNED_SECONDS = 7 * 24 * 60 * 60

Refusal = tuple[str, str]
# A shell still has the former key when its region was started again.
REMEDY = "this region's own credentials are printed by `npm run -s highlands -- env`"
_UNKNOWN = ("InvalidClientTokenId", f"The security token included in the request is invalid: {REMEDY}")
_MISSING = ("MissingAuthenticationToken", "Request is missing Authentication Token")


@dataclass(frozen=True)
class Key:
    """A key that signs, and the token that goes with it when it is a temporary one."""

    id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


def of_region() -> Key:
    """The key that the region was made with."""
    return Key(os.environ[KEY_ID], os.environ[SECRET])


def _key(key_id: str) -> Key | None:
    region = of_region()
    if _same(key_id, region.id):
        return region
    session = sts._sessions.get(key_id)
    if session is not None:
        over = time.time() > session.get("Expiration", 0)
        return None if over else Key(key_id, session["SecretAccessKey"], session["SessionToken"])
    # Of users; a key is in one account.
    for (_, stored), record in iam._access_keys.to_dict().items():
        if stored == key_id and record["Status"] == "Active":
            return Key(key_id, record["SecretAccessKey"])
    return None


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


@dataclass(frozen=True)
class Signed:
    """A request whose key is known; its signature is over the body too, which comes later."""

    request: HttpRequest
    signature: sigv4.HeaderSignature
    key: Key
    presigned: bool

    def refusal(self, body: bytes, digest: str) -> Refusal | None:
        """Why the signature is not the one of this key over this request. `digest` is the SHA-256 of the body."""
        headers = self.request.headers
        if not self.presigned or self.signature.service != "s3":
            claimed = self.request.header("x-amz-content-sha256")
            if len(claimed) == 64 and not _same(claimed, digest):
                return (
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                )
            # ministack would compute it again.
            headers = {**headers, "x-amz-content-sha256": claimed or digest}
        request = self.request
        failure: Refusal | None = sigv4.header_signature_failure(
            self.signature,
            self.key.secret,
            request.method,
            request.raw_path,
            request.query,
            headers,
            body,
            presigned=self.presigned,
        )
        return failure


def signed(request: HttpRequest) -> Signed | Refusal:
    """The request with its key, or the code and sentence of AWS's refusal."""
    authorization = request.header("authorization")
    presigned = authorization == "" and "X-Amz-Signature" in request.query
    if not presigned and not authorization.startswith("AWS4-HMAC-SHA256 "):
        return _MISSING
    signature = (
        sigv4.parse_query_signature(request.query) if presigned else sigv4.parse_header_signature(request.headers)
    )
    if isinstance(signature, tuple):
        return signature
    key = _key(signature.access_key_id)
    given = request.query.get("X-Amz-Security-Token", [""])[0] if presigned else request.header("x-amz-security-token")
    if key is None or not _same(given, key.token):
        return _UNKNOWN
    late = _expired(request, signature) if presigned else sigv4.request_time_failure(signature)
    if late is not None:
        return late
    # A signature that is not over the host could be brought here from elsewhere.
    if "host" not in signature.signed_headers.split(";"):
        return "IncompleteSignature", "'Host' must be a 'SignedHeader' in the AWS Authorization."
    return Signed(request, signature, key, presigned)


def has_version_2(request: HttpRequest) -> bool:
    """Whether an address is signed as botocore still does by default for S3; AWS takes it for older buckets."""
    return request.header("authorization") == "" and "AWSAccessKeyId" in request.query and "Signature" in request.query


def version_2_refusal(request: HttpRequest) -> Refusal | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html; the body is not in it."""
    key = _key(request.query["AWSAccessKeyId"][0])
    given = request.query.get("x-amz-security-token", [""])[0]
    if key is None or not _same(given, key.token):
        return _UNKNOWN
    signed_request = iam_evaluator.SignedRequest(
        key.id, request.method, request.raw_path, request.query, request.headers, sigv2=True, auth_path=request.raw_path
    )
    checked = iam_evaluator._sigv2_check(signed_request, get_account_id())
    return (checked.code, checked.message) if isinstance(checked, iam_evaluator.AuthError) else None


def _expired(request: HttpRequest, signature: sigv4.HeaderSignature) -> Refusal | None:
    if "X-Amz-Expires" not in request.query and signature.service != "s3":
        # The SDK for Go presigns a call of STS like this.
        late: Refusal | None = sigv4.request_time_failure(signature)
        return late
    expires = request.query.get("X-Amz-Expires", ["0"])[0]
    try:
        seconds = int(expires)
        over = not 0 <= seconds <= _LONGEST_PRESIGNED_SECONDS or sigv4.presigned_request_is_expired(
            signature.amz_date, seconds
        )
    except ValueError:
        over = True
    return ("AccessDenied", "Request has expired") if over else None


def basic(request: HttpRequest) -> bool:
    """Whether the region's key is there as Basic has it."""
    region = of_region()
    return _same(_basic(request), f"{region.id}:{region.secret}")


def ecr_token(request: HttpRequest) -> bool:
    """Whether a token of ECR is there as Basic has it, as clients of a registry send it."""
    name, _, password = _basic(request).partition(":")
    expires = password.partition(".")[0]
    return (
        name == "AWS"
        and expires.isascii()
        and expires.isdigit()
        and _same(password, _token(expires))
        and int(expires) > time.time()
    )


def _basic(request: HttpRequest) -> str:
    """The name and the password of https://www.rfc-editor.org/rfc/rfc7617; empty when they are not there."""
    scheme, _, given = request.header("authorization").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _token(expires: str) -> str:
    """Needs no place to be kept: it is good after a restart too."""
    return f"{expires}.{hmac.new(of_region().secret.encode(), f'ecr {expires}'.encode(), hashlib.sha256).hexdigest()}"


def _get_authorization_token(_data: object) -> tuple[int, dict[str, str], bytes]:
    expires = int(time.time()) + _TOKEN_SECONDS
    token = base64.b64encode(f"AWS:{_token(str(expires))}".encode()).decode()
    endpoint = f"https://{get_account_id()}.dkr.ecr.{get_region()}.amazonaws.com"
    answer: tuple[int, dict[str, str], bytes] = json_response(
        {"authorizationData": [{"authorizationToken": token, "expiresAt": expires, "proxyEndpoint": endpoint}]}
    )
    return answer


def register() -> None:
    """Tokens of ECR that open the registry, and sessions that a restart of the control plane does not end."""
    replace(ecr, "_get_authorization_token", _get_authorization_token)
    replace(sts, "get_state", lambda: {"sessions": dict(sts._sessions)})
    replace(sts, "load_persisted_state", lambda data: sts._sessions.update(data.get("sessions", {})))
