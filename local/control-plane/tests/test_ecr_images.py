"""Images as Amazon ECR answers for them: what `cdk deploy`, `aws ecr wait` and scripts that move tags count on."""

import hashlib
import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import BASIC, ControlPlane
from test_persistence import Restartable

CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def manifest(content: str) -> str:
    part = {"digest": "sha256:" + "0" * 64}
    layers = [{**part, "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 1000}]
    config = {**part, "mediaType": CONFIG, "size": 234}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers, "x": content})


def digest_of(content: str) -> str:
    return "sha256:" + hashlib.sha256(manifest(content).encode()).hexdigest()


def push(plane: ControlPlane, content: str, tag: str) -> None:
    """As `docker push` ends."""
    request = urllib.request.Request(
        f"{plane.url}/v2/web/manifests/{tag}",
        data=manifest(content).encode(),
        method="PUT",
        headers={"content-type": MANIFEST, "authorization": BASIC},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 201


@pytest.fixture
def ecr(plane: ControlPlane) -> Any:
    client = plane.client("ecr")
    client.create_repository(repositoryName="web")
    push(plane, "one", "1")
    push(plane, "one", "stable")
    push(plane, "two", "2")
    return client


def refused(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(repositoryName="web", **request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_an_absent_tag_is_not_found(ecr: Any) -> None:
    code, message = refused(ecr.describe_images, imageIds=[{"imageTag": "1"}, {"imageTag": "none"}])
    assert code == "ImageNotFoundException"
    assert message == (
        "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name"
        " 'web' in the registry with id '000000000000'"
    )
    both = {"imageTag": "2", "imageDigest": digest_of("one")}
    assert refused(ecr.describe_images, imageIds=[both])[0] == "ImageNotFoundException"
    with pytest.raises(ClientError, match="RepositoryNotFoundException"):
        ecr.describe_images(repositoryName="other")


def test_an_image_is_described_as_it_is_in_the_registry(ecr: Any) -> None:
    [detail] = ecr.describe_images(repositoryName="web", imageIds=[{"imageTag": "1"}, {"imageTag": "stable"}])[
        "imageDetails"
    ]
    assert detail["imageDigest"] == digest_of("one")
    assert detail["imageTags"] == ["1", "stable"]
    assert (detail["imageSizeInBytes"], detail["artifactMediaType"]) == (1234, CONFIG)


def test_what_lost_its_tag_is_there_without_one(ecr: Any, plane: ControlPlane) -> None:
    push(plane, "three", "2")
    untagged = {"tagStatus": "UNTAGGED"}
    [detail] = ecr.describe_images(repositoryName="web", filter=untagged)["imageDetails"]
    assert detail["imageDigest"] == digest_of("two") and "imageTags" not in detail
    assert ecr.list_images(repositoryName="web", filter=untagged)["imageIds"] == [{"imageDigest": digest_of("two")}]
    tagged = ecr.list_images(repositoryName="web", filter={"tagStatus": "TAGGED"})["imageIds"]
    assert sorted(one["imageTag"] for one in tagged) == ["1", "2", "stable"]


def test_images_are_got_by_the_tag_that_is_asked_for(ecr: Any) -> None:
    wanted = [{"imageTag": "1"}, {"imageTag": "none"}, {"imageTag": "2", "imageDigest": digest_of("one")}]
    answer = ecr.batch_get_image(repositoryName="web", imageIds=wanted)
    [image] = answer["images"]
    assert image["imageId"] == {"imageTag": "1", "imageDigest": digest_of("one")}
    assert json.loads(image["imageManifest"]) == json.loads(manifest("one"))
    assert [one["failureCode"] for one in answer["failures"]] == ["ImageNotFound", "ImageTagDoesNotMatchDigest"]


def test_a_tag_is_taken_off_and_the_last_one_takes_the_image(ecr: Any, plane: ControlPlane) -> None:
    ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageTag": "1"}])
    assert ecr.describe_images(repositoryName="web", imageIds=[{"imageTag": "stable"}])["imageDetails"]
    gone = ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageTag": "stable"}, {"imageTag": "none"}])
    assert gone["imageIds"] == [{"imageTag": "stable", "imageDigest": digest_of("one")}]
    assert [one["failureCode"] for one in gone["failures"]] == ["ImageNotFound"]
    by_digest = [{"imageDigest": digest_of("one")}]
    assert refused(ecr.describe_images, imageIds=by_digest)[0] == "ImageNotFoundException"
    ecr.batch_delete_image(repositoryName="web", imageIds=[{"imageDigest": digest_of("two")}])
    assert ecr.list_images(repositoryName="web")["imageIds"] == []


def test_every_push_outlives_a_kill(tmp_path: Path) -> None:
    restartable = Restartable(tmp_path)
    try:
        client = restartable.plane.client("ecr")
        client.create_repository(repositoryName="web")
        for tag in ("1", "2"):
            push(restartable.plane, tag, tag)
            restartable.plane.client("ssm").put_parameter(Name="/image", Value=tag, Type="String", Overwrite=True)
        push(restartable.plane, "1", "2")
        restartable.plane.client("ssm").put_parameter(Name="/image", Value="moved", Type="String", Overwrite=True)
        restartable.restart()
        [moved] = client.describe_images(repositoryName="web", imageIds=[{"imageTag": "2"}])["imageDetails"]
        assert moved["imageDigest"] == digest_of("1")
    finally:
        restartable.kill()
