"""What is wrong is said before the engine loads: no refusal waits for JAX."""

import subprocess
import sys

import pytest


LIGHT = {
    "scenario": "import detente.scenario",
    "a scenario of the library": "import detente; detente.load_scenario('china-korea/phase-two')",
    "policies": "import detente.policy",
}


@pytest.mark.parametrize("case", LIGHT)
def test_a_scenario_is_read_without_the_engine(case: str) -> None:
    check = f"{LIGHT[case]}; import sys; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
