# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# A host that talks: a banner before the login, and a .bashrc that writes to standard output even for a command.

cat >/etc/issue.net <<'END'
*******************************************************************
*  Authorised use only. All activity is logged.                   *
*  本系统仅限授权人员使用，所有操作均被记录。                     *
*******************************************************************
END
echo 'Banner /etc/issue.net' >/etc/ssh/sshd_config.d/30-banner.conf
sed -i '1i echo "Welcome to $(hostname)! Please report faults to the duty room, ext. 8110."' /home/inspector/.bashrc
