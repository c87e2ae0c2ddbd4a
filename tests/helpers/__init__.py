# SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause
"""What the tests' drivers share. They find it by PYTHONPATH; tests/README.md says how."""
