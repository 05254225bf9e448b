package org.vocluster.pool;

/** An unprivileged account that exists with the same id on every host, as with LDAP. */
public record Account(String name, int id) {}
