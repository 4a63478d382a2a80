# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host without bash or dash in the way: inspector's shell and /bin/sh are busybox.

usermod --shell /bin/ash inspector
ln -sf busybox /bin/sh
