from pathlib import Path

import pytest

from plotkiln.errors import SettingsError
from plotkiln.settings import VARIABLES, Settings, read_settings


def test_nothing_is_needed() -> None:
    """An empty environment gives the defaults: loopback, port 8080, the embedded stores."""
    settings = read_settings({})
    assert (settings.host, settings.port, settings.consul_address) == ("127.0.0.1", 8080, "")
    assert settings.data.name == "plotkiln"


def test_every_variable_sets_a_member() -> None:
    """Each variable names a member of its own, and has a meaning that is a sentence."""
    members = [variable.member for variable in VARIABLES]
    assert len(set(members)) == len(members)
    assert set(members) <= set(Settings.__struct_fields__)
    assert all(variable.meaning.endswith(".") for variable in VARIABLES)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """A misspelt setting is an error that names the one that was meant."""
    with pytest.raises(SettingsError, match=r"PLOTKILN_WORKER .*did you mean PLOTKILN_WORKERS"):
        read_settings({"PLOTKILN_WORKER": "2"})


def test_service_links_are_ignored() -> None:
    """What Kubernetes adds for a Service named plotkiln-… is no setting."""
    links = {
        "PLOTKILN_PLOT_SERVICE_HOST": "10.0.0.1",
        "PLOTKILN_PLOT_SERVICE_PORT": "80",
        "PLOTKILN_PLOT_SERVICE_PORT_HTTP": "80",
        "PLOTKILN_PLOT_PORT": "tcp://10.0.0.1:80",
        "PLOTKILN_PLOT_PORT_80_TCP": "tcp://10.0.0.1:80",
        "PLOTKILN_PLOT_PORT_80_TCP_ADDR": "10.0.0.1",
    }
    assert read_settings(links) == read_settings({})


def test_every_fault_is_told_at_once() -> None:
    """All unusable values are named in one error."""
    wrong = {"PORT": "http", "PLOTKILN_BUDGET": "-1", "PLOTKILN_STYLE_STRICT": "yes"}
    with pytest.raises(SettingsError) as caught:
        read_settings(wrong)
    assert all(name in str(caught.value) for name in wrong)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_loopback_needs_no_leave(host: str) -> None:
    """Any loopback address is served without sign-in."""
    assert read_settings({"HOST": host}).host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example"])  # noqa: S104 -- refused
def test_other_addresses_need_leave(host: str) -> None:
    """Another address is refused unless anonymous use is allowed aloud."""
    with pytest.raises(SettingsError, match="PLOTKILN_ANONYMOUS"):
        read_settings({"HOST": host})
    assert read_settings({"HOST": host, "PLOTKILN_ANONYMOUS": "allow"}).host == host


KNATIVE = {"K_SERVICE": "plot"}
CONSUL = {"CONSUL_HTTP_ADDR": "consul:8500"}
BUCKET = {"PLOTKILN_ARTIFACTS_URL": "s3://bucket/prefix"}

REDIS = {"PLOTKILN_REDIS_URL": "redis://redis:6379/0"}


@pytest.mark.parametrize("missing", [{}, CONSUL, BUCKET, {**CONSUL, **BUCKET}])
def test_stores_that_vanish_are_refused_on_knative(missing: dict[str, str]) -> None:
    """On Knative an embedded store is refused unless losing it is allowed aloud."""
    with pytest.raises(SettingsError, match="PLOTKILN_EPHEMERAL"):
        read_settings({**KNATIVE, **missing})
    assert read_settings({**KNATIVE, **missing, "PLOTKILN_EPHEMERAL": "allow"}).ephemeral


def test_real_stores_are_taken_on_knative() -> None:
    """With Consul, a bucket and Redis nothing vanishes with the pod."""
    assert read_settings({**KNATIVE, **CONSUL, **BUCKET, **REDIS}).knative_service == "plot"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({"CONSUL_HTTP_ADDR": "127.0.0.1:8501"}, "http://127.0.0.1:8501"),
        ({"CONSUL_HTTP_ADDR": "https://consul:8501/"}, "https://consul:8501"),
        ({"CONSUL_HTTP_ADDR": "consul:8501", "CONSUL_HTTP_SSL": "true"}, "https://consul:8501"),
        ({"CONSUL_HOST": "consul"}, "http://consul:8500"),
        ({"CONSUL_HOST": "consul", "CONSUL_PORT": "8600"}, "http://consul:8600"),
        ({"CONSUL_HTTP_ADDR": "a:1", "CONSUL_HOST": "b"}, "http://a:1"),
        ({"CONSUL_HTTP_ADDR": "a:1, https://b:2/,"}, "http://a:1,https://b:2"),
        ({"CONSUL_PORT": "8600"}, ""),
        ({"CONSUL_HOST": "consul", "CONSUL_PORT": "tcp://10.0.0.1:8600"}, "http://consul:8500"),
    ],
)
def test_consuls_own_variables_are_understood(environment: dict[str, str], address: str) -> None:
    """Consul's address comes from its own variables, CONSUL_HTTP_ADDR first."""
    assert read_settings(environment).consul_address == address


def test_folders_become_absolute() -> None:
    """A relative folder is taken from where the program was started."""
    assert read_settings({"PLOTKILN_DATA": "here"}).data == Path("here").absolute()


def test_knative_s_sink_is_understood() -> None:
    """What SinkBinding injects is read; overrides that are empty are none."""
    pem = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
    overrides = '{"extensions": {"cluster": "east"}}'
    given = {"K_SINK": "http://broker/ns/default/", "K_CE_OVERRIDES": overrides, "K_CA_CERTS": pem}
    settings = read_settings(given)
    assert settings.sink == "http://broker/ns/default"
    assert settings.ce_overrides == {"cluster": "east"}
    assert settings.ca_certs == pem
    assert read_settings({"K_CE_OVERRIDES": ""}).ce_overrides == {}
    assert read_settings({"K_CE_OVERRIDES": '{"extensions": null}'}).ce_overrides == {}


def test_subscribers_have_addresses() -> None:
    """Names and addresses are read in pairs."""
    settings = read_settings({"PLOTKILN_SUBSCRIBERS": "a=http://x:1/, b = https://y/?z=1"})
    assert settings.subscribers == {"a": "http://x:1", "b": "https://y/?z=1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("K_SINK", "broker"),
        ("K_SINK", "ftp://broker"),
        ("K_CE_OVERRIDES", "{"),
        ("K_CE_OVERRIDES", "[]"),
        ("K_CE_OVERRIDES", '{"extensions": {"Not-a-name": "x"}}'),
        ("K_CE_OVERRIDES", '{"extensions": {"number": 1}}'),
        ("K_CA_CERTS", "/etc/ca.pem"),
        ("PLOTKILN_SUBSCRIBERS", "http://x"),
        ("PLOTKILN_SUBSCRIBERS", "a=x"),
        ("PLOTKILN_REDIS_URL", "redis.example:6379"),
        ("PLOTKILN_MAX_EVENT", "63"),
        ("PLOTKILN_ARTIFACTS_PUBLIC_URL", "/pictures"),
        ("PLOTKILN_LIVE_URL", "/live"),
        ("PLOTKILN_LIVE_URL", "http://localhost:8081"),
        ("PLOTKILN_LIVE_URL", "wss://live.example/"),
    ],
)
def test_what_is_no_place_for_events(name: str, value: str) -> None:
    """A value of the wrong form is refused, by its name."""
    with pytest.raises(SettingsError, match=f"{name}=.*expected"):
        read_settings({name: value})


def test_a_refusal_shows_no_password() -> None:
    """The user and password of an address stay out of the words."""
    with pytest.raises(SettingsError, match="PLOTKILN_REDIS_URL=http://•••@redis") as refused:
        read_settings({"PLOTKILN_REDIS_URL": "http://:hidden@redis"})
    assert "hidden" not in str(refused.value)


def test_renderings_are_kept_as_long_as_jobs() -> None:
    """A result that a job still names would else be swept away."""
    with pytest.raises(SettingsError, match="25 hours at least"):
        read_settings({"PLOTKILN_ARTIFACTS_MAX_AGE": "24"})
    shorter = {"PLOTKILN_ARTIFACTS_MAX_AGE": "2", "PLOTKILN_JOB_KEEP": "1"}
    assert read_settings(shorter).artifacts_max_age == 2


ISSUER = {"PLOTKILN_OIDC_ISSUER": "https://id.example", "PLOTKILN_OIDC_AUDIENCE": "plotkiln"}


def test_an_issuer_keeps_its_slash() -> None:
    """An issuer's name is its whole text: with a slash at its end it is another one."""
    assert read_settings(ISSUER).oidc_issuer == "https://id.example"
    slashed = {**ISSUER, "PLOTKILN_OIDC_ISSUER": "https://id.example/"}
    assert read_settings(slashed).oidc_issuer == "https://id.example/"


def test_a_public_address_is_as_browsers_write_it() -> None:
    """What tells whether they come by https is in small letters, whatever was typed."""
    told = {"PLOTKILN_PUBLIC_URL": "HTTPS://Charts.Example:8443/Sub/"}
    assert read_settings(told).public_url == "https://charts.example:8443/Sub"


@pytest.mark.parametrize("name", ["PLOTKILN_PUBLIC_URL", "PLOTKILN_OIDC_ISSUER"])
@pytest.mark.parametrize(
    "value", ["https://a.b?x=1", "https://a.b?", "https://a.b#c", "https://u:p@a.b", "https://:80"]
)
def test_an_address_of_identity_is_bare(name: str, value: str) -> None:
    """No user, query or fragment: nothing of it could be kept, or told to anybody."""
    with pytest.raises(SettingsError, match=f"{name}.*without user"):
        read_settings({**ISSUER, name: value})


def test_grants_are_by_claims_that_are_urls_too() -> None:
    """A URL's last slash divides it from its value; what is granted twice is granted together."""
    told = {
        **ISSUER,
        "PLOTKILN_OIDC_GRANTS": "https://a.b/roles/op=admin,groups//x/y=render,groups//x/y=jobs",
    }
    assert read_settings(told).oidc_grants == {
        ("https://a.b/roles", "op"): {"admin"},
        ("groups", "/x/y"): {"render", "jobs"},
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLOTKILN_OIDC_ISSUER", "id.example"),
        ("PLOTKILN_OIDC_ISSUER", "https://id.example?tenant=1"),
        ("PLOTKILN_OIDC_ALGORITHMS", "none"),
        ("PLOTKILN_OIDC_ALGORITHMS", "RS256,HS256"),
        ("PLOTKILN_OIDC_SCOPES", "draw"),
        ("PLOTKILN_OIDC_GRANTS", "design=render"),
        ("PLOTKILN_OIDC_GRANTS", "groups/design"),
    ],
)
def test_what_would_let_in_the_wrong_ones(name: str, value: str) -> None:
    """Issuers that are none, algorithms without a private key, and unknown scopes are refused."""
    with pytest.raises(SettingsError, match=name):
        read_settings({**ISSUER, name: value})


def test_grants_are_read() -> None:
    """By claim and value, which may begin with a slash; scopes are joined by plus signs."""
    given = "groups//design=styles:read+styles:write, role/ops=admin"
    assert read_settings({**ISSUER, "PLOTKILN_OIDC_GRANTS": given}).oidc_grants == {
        ("groups", "/design"): {"styles:read", "styles:write"},
        ("role", "ops"): {"admin"},
    }


def test_people_sign_in_somewhere_and_come_back() -> None:
    """A client needs its provider, and a server on the network the address that browsers use."""
    client = {"PLOTKILN_OIDC_CLIENT_ID": "plotkiln"}
    with pytest.raises(SettingsError, match="needs PLOTKILN_OIDC_ISSUER"):
        read_settings(client)
    assert read_settings({**ISSUER, **client}).oidc_client == "plotkiln"
    network = {**ISSUER, **client, "HOST": "0.0.0.0"}  # noqa: S104 -- not listened on
    with pytest.raises(SettingsError, match="PLOTKILN_PUBLIC_URL"):
        read_settings(network)
    assert read_settings({**network, "PLOTKILN_PUBLIC_URL": "https://charts.example"}).identity
