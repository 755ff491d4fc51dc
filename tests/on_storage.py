"""`make test-slurm`: a forum's inputs from a real S3 server on loopback, its papers back into it; and what can be seen of
the job for Kubernetes without a Kubernetes."""

from __future__ import annotations

import hashlib
import re
import sys

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer
from project_tools import MINIATURE, Project, copy_project

BUCKET = "papers"
KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "SNAKEMAKE_STORAGE_S3_ACCESS_KEY",
    "SNAKEMAKE_STORAGE_S3_SECRET_KEY",
)


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server that lives as long as the tests of this file."""
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(scope="module")
def bucket(server):
    """A bucket that holds the inputs of the miniature forum."""
    options = {"endpoint_url": server, "region_name": "us-east-1"}
    s3 = boto3.resource("s3", aws_access_key_id="any", aws_secret_access_key="any", **options)
    made = s3.create_bucket(Bucket=BUCKET)
    for file in sorted(path for path in (MINIATURE / "inputs").rglob("*") if path.is_file()):
        made.upload_file(str(file), f"mini/{file.relative_to(MINIATURE).as_posix()}")
    return made


@pytest.fixture(scope="module")
def built(bucket, server, tmp_path_factory) -> Project:
    """A project without inputs of its own: fetched, built, published."""
    project = copy_project(tmp_path_factory.mktemp("s3") / "forum")
    (project.root / "inputs").rename(project.root.parent / "own-inputs")
    fetched = _s3(project, "fetch", server)
    assert fetched.code == 0, fetched.err
    run = project.build()
    assert run.code == 0, run.err
    published = _s3(project, "publish", server)
    assert published.code == 0, published.err
    return project


def _s3(project: Project, rule: str, server: str):
    options = (
        "--cores=1",
        "--workflow-profile=none",
        "--config",
        f"bucket=s3://{BUCKET}/mini",
        f"endpoint={server}",
    )
    command = (sys.executable, "-m", "snakemake", "--snakefile", "profiles/s3/Snakefile", rule, *options)
    return project.run(*command, **dict.fromkeys(KEYS, "any"))


def test_papers_made_from_a_bucket_are_the_same_as_from_the_folder(built, tmp_path):
    local = copy_project(tmp_path / "local")
    assert local.build().code == 0
    assert built.papers() == local.papers()


def test_the_bucket_then_holds_every_paper_and_the_register(built, bucket):
    prefix = "mini/outputs/papers/"
    stored = {
        item.key.removeprefix(prefix): hashlib.sha256(item.get()["Body"].read()).hexdigest()
        for item in bucket.objects.filter(Prefix=prefix)
    }
    assert stored == built.papers()
    assert list(bucket.objects.filter(Prefix="mini/outputs/index.html"))


def test_inputs_that_are_there_are_not_fetched_over(built, server):
    (built.root / "outputs/work/s3/fetched").unlink()
    place = built.root / "inputs/mini/forum.yaml"
    edited = place.read_bytes() + b"# a word of my own\n"
    place.write_bytes(edited)
    assert _s3(built, "fetch", server).code != 0
    assert place.read_bytes() == edited


def test_the_job_for_kubernetes_asks_for_a_profile_and_processors_that_snakemake_accepts(tmp_path):
    project = copy_project(tmp_path / "forum")
    plan = project.run(
        *(sys.executable, "-m", "snakemake", "--dry-run", "--workflow-profile", "profiles/kubernetes")
    )
    assert plan.code == 0, plan.err
    jobs = set(re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", plan.out, re.MULTILINE))
    assert jobs == {"all", "read", "prepare", "check", "index", "public", "seal"}
    job = yaml.safe_load((project.root / "profiles/kubernetes/job.yaml").read_bytes())
    profile = yaml.safe_load((project.root / "profiles/kubernetes/config.yaml").read_bytes())
    (pod,) = job["spec"]["template"]["spec"]["containers"]
    assert pod["command"] == ["make", "papers", "profile=kubernetes"]
    assert int(pod["resources"]["limits"]["cpu"]) == profile["cores"]
