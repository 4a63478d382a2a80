#!/bin/sh
# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# Dynamic inventory for Ansible: ansible-inventory -i edufleet_inventory.sh --graph
# Takes the inventory that EDUFLEET_INVENTORY names, or the directory inventory.
exec "${EDUFLEET:-edufleet}" inventory ansible "$@"
