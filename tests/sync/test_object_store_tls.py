"""A store with a certificate of its own: trusted when it was given, refused in words otherwise."""

from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_faults import StoreFault
from liaison.sync.object_store_patience import Patience
from tests.sync.bad_link import bad_link
from tests.sync.real_store import RealStore

ONCE = Patience(tries=1)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificates(folder: Path, days: int = 30) -> tuple[str, ssl.SSLContext]:
    """Make an authority and a certificate of this PC signed by it."""
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)

    def begun(subject: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named("An authority"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=60))
            .not_valid_after(now + dt.timedelta(days=days))
        )

    authority = (
        begun("An authority", root.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(root, hashes.SHA256())
    )
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    leaf = (
        begun("A store", key.public_key())
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(root, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "leaf.pem").write_bytes(leaf.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "leaf.pem", folder / "key.pem")
    return authority.public_bytes(pem).decode(), context


def test_a_certificate_of_its_own_is_trusted_when_it_was_given_and_refused_otherwise(
    real_store: RealStore, tmp_path: Path
) -> None:
    authority, tls = certificates(tmp_path)
    with bad_link(real_store.endpoint, tls) as link:
        access = real_store.access(endpoint=link.endpoint)
        with pytest.raises(StoreFault) as told:
            ObjectStore(access, patience=ONCE).put("d/a", b"x")
        assert told.value.code == "store-certificate"
        trusting = dataclasses.replace(
            access, place=dataclasses.replace(access.place, authority=authority)
        )
        store = ObjectStore(trusting, patience=ONCE)
        store.put("d/a", b"x")
        assert store.get("d/a") == b"x"
        assert store.list("d/") == ["d/a"]


def test_a_certificate_that_has_run_out_is_refused_also_from_a_trusted_authority(
    real_store: RealStore, tmp_path: Path
) -> None:
    authority, tls = certificates(tmp_path, days=-1)
    with bad_link(real_store.endpoint, tls) as link:
        access = real_store.access(endpoint=link.endpoint)
        place = dataclasses.replace(access.place, authority=authority)
        with pytest.raises(StoreFault) as told:
            ObjectStore(dataclasses.replace(access, place=place), patience=ONCE).list("d/")
    assert told.value.code == "store-certificate"
