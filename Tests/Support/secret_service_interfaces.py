# SPDX-License-Identifier: Apache-2.0
"""The D-Bus interfaces of the Secret Service, as far as libsecret and we use them, and that of the mock for tests."""

from gi.repository import Gio

NODES = Gio.DBusNodeInfo.new_for_xml("""
<node>
  <interface name="org.freedesktop.Secret.Service">
    <method name="OpenSession">
      <arg type="s" direction="in"/><arg type="v" direction="in"/>
      <arg type="v" direction="out"/><arg type="o" direction="out"/></method>
    <method name="SearchItems">
      <arg type="a{ss}" direction="in"/><arg type="ao" direction="out"/><arg type="ao" direction="out"/></method>
    <method name="Unlock">
      <arg type="ao" direction="in"/><arg type="ao" direction="out"/><arg type="o" direction="out"/></method>
    <method name="GetSecrets">
      <arg type="ao" direction="in"/><arg type="o" direction="in"/><arg type="a{o(oayays)}" direction="out"/></method>
    <method name="CreateCollection">
      <arg type="a{sv}" direction="in"/><arg type="s" direction="in"/>
      <arg type="o" direction="out"/><arg type="o" direction="out"/></method>
    <method name="ReadAlias"><arg type="s" direction="in"/><arg type="o" direction="out"/></method>
    <property name="Collections" type="ao" access="read"/>
  </interface>
  <interface name="org.freedesktop.Secret.Collection">
    <method name="CreateItem">
      <arg type="a{sv}" direction="in"/><arg type="(oayays)" direction="in"/><arg type="b" direction="in"/>
      <arg type="o" direction="out"/><arg type="o" direction="out"/></method>
    <property name="Items" type="ao" access="read"/>
    <property name="Label" type="s" access="read"/>
    <property name="Locked" type="b" access="read"/>
    <property name="Created" type="t" access="read"/>
    <property name="Modified" type="t" access="read"/>
  </interface>
  <interface name="org.freedesktop.Secret.Item">
    <method name="Delete"><arg type="o" direction="out"/></method>
    <method name="GetSecret"><arg type="o" direction="in"/><arg type="(oayays)" direction="out"/></method>
    <method name="SetSecret"><arg type="(oayays)" direction="in"/></method>
    <property name="Locked" type="b" access="read"/>
    <property name="Attributes" type="a{ss}" access="read"/>
    <property name="Label" type="s" access="read"/>
    <property name="Created" type="t" access="read"/>
    <property name="Modified" type="t" access="read"/>
  </interface>
  <interface name="org.freedesktop.Secret.Prompt">
    <method name="Prompt"><arg type="s" direction="in"/></method>
    <method name="Dismiss"/>
    <signal name="Completed"><arg type="b"/><arg type="v"/></signal>
  </interface>
  <interface name="org.freedesktop.Secret.Session"><method name="Close"/></interface>
  <interface name="org.cognitoauth.Mock">
    <method name="Reset"/>
    <method name="Behave"><arg type="s" direction="in"/><arg type="u" direction="in"/></method>
    <method name="Ask"><arg type="s" direction="in"/></method>
    <method name="Spoil"><arg type="s" direction="in"/><arg type="u" direction="in"/></method>
    <method name="Hush"><arg type="s" direction="in"/></method>
    <method name="Refuse"><arg type="s" direction="in"/></method>
    <method name="Remove"/>
    <method name="Leave"/>
    <method name="Complete"/>
    <method name="Lock"/>
    <method name="Tell"><arg type="u" direction="in"/></method>
    <method name="Calls"><arg type="as" direction="out"/></method>
    <method name="Items"><arg type="u" direction="out"/></method>
  </interface>
</node>""")
