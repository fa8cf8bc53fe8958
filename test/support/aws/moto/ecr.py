"""ECR's images where moto 5.2.5 has them differently: a digest is that of the manifest; a tag that moves leaves its former
image behind without it; a tag that cannot be moved is told so; what is asked for by a tag is answered with that tag; the
layers of a manifest are there with it; a size is that of the layers; a repository that scans on push has scanned."""

import hashlib
import json
import re

from moto.ecr import exceptions, models


class ImageTagAlreadyExistsException(exceptions.ServiceException):
    code = "ImageTagAlreadyExistsException"

    def __init__(self, repository: str, tag: str):
        super().__init__(
            f"The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten "
            "because the tag is immutable."
        )


def can_move(repository: models.Repository, tag: str) -> bool:
    in_general = repository.image_tag_mutability.startswith("MUTABLE")
    filters = repository.image_tag_mutability_exclusion_filters or []
    excluded = any(re.fullmatch(".*".join(map(re.escape, each["filter"].split("*"))), tag) for each in filters)
    return not in_general if excluded else in_general


def put_image(self, repository_name, image_manifest, image_tag=None, image_manifest_mediatype=None, digest=None):
    repository = self._get_repository(repository_name)
    manifest = json.loads(image_manifest)
    media_type = image_manifest_mediatype or manifest.get("mediaType")
    if media_type is None:
        raise exceptions.InvalidParameterException("image manifest mediatype not provided in manifest or parameter")
    digest = "sha256:" + hashlib.sha256(image_manifest.encode()).hexdigest()
    known = next((each for each in repository.images if each.image_digest == digest), None)
    if known is not None and (image_tag is None or image_tag in known.image_tags):
        raise exceptions.ImageAlreadyExistsException(
            registry_id=repository.registry_id, image_tag=image_tag, digest=digest, repository_name=repository_name
        )
    for other in [each for each in repository.images if image_tag in each.image_tags]:
        if not can_move(repository, image_tag):
            raise ImageTagAlreadyExistsException(repository_name, image_tag)
        other.image_tags.remove(image_tag)
        other.image_tag = other.image_tags[-1] if other.image_tags else None
    for layer in [*manifest.get("layers", []), *([manifest["config"]] if "config" in manifest else [])]:
        repository.layers[layer["digest"]] = layer.get("size", 0)
    if known is not None:
        known.update_tag(image_tag)
        return known
    image = models.Image(self.account_id, image_tag, image_manifest, repository_name, media_type, digest)
    repository.images.append(image)
    if repository.image_scanning_configuration.get("scanOnPush"):
        self.start_image_scan(repository.registry_id, repository_name, {"imageDigest": digest})
    return image


models.ECRBackend.put_image = put_image


def batch_get_image(self, repository_name, registry_id=None, image_ids=None):
    repository = self._get_repository(repository_name, registry_id)
    images, failures = [], []
    for wanted in image_ids or []:
        tag, digest = wanted.get("imageTag"), wanted.get("imageDigest")
        found = [
            each
            for each in repository.images
            if (tag is None or tag in each.image_tags) and (digest is None or digest == each.image_digest)
        ]
        for image in found:
            image_id = {"imageDigest": image.image_digest, **({"imageTag": tag or image.image_tag} if image.image_tags else {})}
            images.append(
                {
                    "registryId": repository.registry_id,
                    "repositoryName": repository_name,
                    "imageId": image_id,
                    "imageManifest": image.image_manifest,
                    "imageManifestMediaType": image.image_manifest_media_type,
                }
            )
        if not found:
            reason = "Requested image not found"
            failures.append({"imageId": wanted, "failureCode": "ImageNotFound", "failureReason": reason})
    return {"images": images, "failures": failures}


models.ECRBackend.batch_get_image = batch_get_image


def size(self):
    manifest = json.loads(self.image_manifest)
    return sum(layer.get("size", 0) for layer in manifest["layers"]) if "layers" in manifest else None


models.Image.get_image_size_in_bytes = size
