"""Images as Amazon ECR answers for them: what is not there is an error, and each tag is an image of its own.

ministack answers a list without what is not there, by which `cdk deploy` takes an image for pushed that nobody pushed.
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, json_response
from ministack.services import ecr

from .replacing import replace

Data = dict[str, Any]
Image = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

_NO_REPOSITORY = "RepositoryNotFoundException"
_TAG_STATES: dict[str, Callable[[Image], bool]] = {
    "TAGGED": lambda image: bool(image.get("imageTags")),
    "UNTAGGED": lambda image: not image.get("imageTags"),
}


def _repository(name: str) -> str:
    return f"the repository with name '{name}' in the registry with id '{get_account_id()}'"


def _within(handler: Callable[[str, Data], Answer]) -> Callable[[Data], Answer]:
    """Asks for the repository first, as each of these operations does."""

    def handle(data: Data) -> Answer:
        name = data.get("repositoryName", "")
        if name in ecr._repositories:
            return handler(name, data)
        text = f"The repository with name '{name}' does not exist in the registry with id '{get_account_id()}'"
        return _refused(_NO_REPOSITORY, text)

    return handle


def _refused(code: str, message: str) -> Answer:
    answer: Answer = error_response_json(code, message, 400)
    return answer


def _answer(body: Data) -> Answer:
    answer: Answer = json_response(body)
    return answer


def _images(name: str) -> list[Image]:
    return list(ecr._images.get(name, []))


def _find(name: str, wanted: Data) -> Image | None:
    """By tag and digest, where both are given."""
    tag, digest = wanted.get("imageTag"), wanted.get("imageDigest")
    for image in _images(name):
        fits = (tag is None or tag in image.get("imageTags", [])) and digest in (None, image["imageDigest"])
        if fits and (tag or digest):
            return image
    return None


def _kept(images: list[Image], data: Data) -> list[Image]:
    fits = _TAG_STATES.get(data.get("filter", {}).get("tagStatus", "ANY"))
    return images if fits is None else [image for image in images if fits(image)]


def _manifest(image: Image) -> Data:
    try:
        read = json.loads(image.get("imageManifest", "{}"))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _size(image: Image) -> int | None:
    """What its layers and its configuration have in the registry; an index has neither."""
    manifest = _manifest(image)
    if "layers" not in manifest:
        return None
    return sum(int(part.get("size", 0)) for part in [*manifest["layers"], manifest.get("config", {})])


def _detail(name: str, image: Image) -> Data:
    size, tags = _size(image), image.get("imageTags", [])
    return {
        "registryId": get_account_id(),
        "repositoryName": name,
        "imageDigest": image["imageDigest"],
        **({"imageTags": tags} if tags else {}),
        **({} if size is None else {"imageSizeInBytes": size}),
        "imagePushedAt": image["imagePushedAt"],
        "imageManifestMediaType": image["imageManifestMediaType"],
        **({} if size is None else {"artifactMediaType": _manifest(image).get("config", {}).get("mediaType", "")}),
    }


def _describe_images(name: str, data: Data) -> Answer:
    found = _images(name)
    if data.get("imageIds"):
        found = []
        for wanted in data["imageIds"]:
            image = _find(name, wanted)
            if image is None:
                named = [f"{key}:'{wanted.get(key, 'null')}'" for key in ("imageDigest", "imageTag")]
                text = f"The image with imageId {{{', '.join(named)}}} does not exist within {_repository(name)}"
                return _refused("ImageNotFoundException", text)
            if image not in found:
                found.append(image)
    return _answer({"imageDetails": [_detail(name, image) for image in _kept(found, data)]})


def _list_images(name: str, data: Data) -> Answer:
    ids = []
    for image in _kept(_images(name), data):
        digest = {"imageDigest": image["imageDigest"]}
        ids += [{**digest, "imageTag": tag} for tag in image.get("imageTags", [])] or [digest]
    return _answer({"imageIds": ids})


def _failure(name: str, wanted: Data) -> Data:
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html"""
    code, reason = "ImageNotFound", "Requested image not found"
    if not wanted.get("imageTag") and not wanted.get("imageDigest"):
        code, reason = "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"
    elif len(wanted) > 1 and _find(name, {"imageTag": wanted["imageTag"]}):
        code, reason = "ImageTagDoesNotMatchDigest", "Requested image tag does not match the digest"
    return {"imageId": wanted, "failureCode": code, "failureReason": reason}


def _batch_get_image(name: str, data: Data) -> Answer:
    images, failures = [], []
    for wanted in data.get("imageIds", []):
        image = _find(name, wanted)
        if image is None:
            failures.append(_failure(name, wanted))
            continue
        images.append(
            {
                "registryId": get_account_id(),
                "repositoryName": name,
                # The tag that was asked for, not whichever came last.
                "imageId": {**wanted, "imageDigest": image["imageDigest"]},
                "imageManifest": image["imageManifest"],
                "imageManifestMediaType": image["imageManifestMediaType"],
            }
        )
    return _answer({"images": images, "failures": failures})


def _batch_delete_image(name: str, data: Data) -> Answer:
    """A tag is taken off its image, which goes with its last one; a digest takes all of it.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
    """
    deleted, failures = [], []
    for wanted in data.get("imageIds", []):
        image = _find(name, wanted)
        if image is None:
            failures.append(_failure(name, wanted))
            continue
        tags, digest = image.get("imageTags", []), image["imageDigest"]
        gone = [wanted["imageTag"]] if "imageTag" in wanted and "imageDigest" not in wanted else list(tags)
        deleted += [{"imageDigest": digest, "imageTag": tag} for tag in gone] or [{"imageDigest": digest}]
        image["imageTags"] = [tag for tag in tags if tag not in gone]
        if not image["imageTags"]:
            ecr._images[name].remove(image)
            ecr._manifest_blobs.get(name, {}).pop(digest, None)
    return _answer({"imageIds": deleted, "failures": failures})


def register() -> None:
    """Answers for images as ECR does."""
    replace(ecr, "_describe_images", _within(_describe_images))
    replace(ecr, "_list_images", _within(_list_images))
    replace(ecr, "_batch_get_image", _within(_batch_get_image))
    replace(ecr, "_batch_delete_image", _within(_batch_delete_image))
