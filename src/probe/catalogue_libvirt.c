/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* libvirt: its library, its daemons and their drivers. */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define PTR(name) { name, "void *" }
#define NUM(name) { name, "int" }
#define TEXT(name) { name, "const char *" }
#define ARGS CATALOGUE_ARGUMENTS
#define MESSAGE(object)                                                                  \
	ARGS(PTR(object), NUM("len"), NUM("prog"), NUM("vers"), NUM("proc"), NUM("type"),    \
	     NUM("status"), NUM("serial"))
#define OBJECT ARGS(PTR("obj"))
#define SOCKET ARGS(PTR("sock"))
#define CLIENT ARGS(PTR("client"))
#define CONTEXT ARGS(PTR("ctxt"))
#define SESSION ARGS(PTR("sess"))
#define KEEPALIVE ARGS(PTR("ka"))
#define MONITOR ARGS(PTR("mon"))
#define WITH_REFS(object) ARGS(PTR(object), NUM("refs"))

static const struct catalogue_probe probes[] = {
	/* the event loop of GLib */
	{ "event_glib_add_handle", "a file handle is put under watch", "6.1", NULL,
	  ARGS(NUM("watch"), NUM("fd"), NUM("events"), PTR("cb"), PTR("opaque"), PTR("ff")) },
	{ "event_glib_update_handle", "the events of a watch are changed", "6.1", NULL,
	  ARGS(NUM("watch"), NUM("events")) },
	{ "event_glib_remove_handle", "a watch is about to end", "6.1", NULL, ARGS(NUM("watch")) },
	{ "event_glib_remove_handle_idle", "a watch that ended is freed", "6.1", NULL,
	  ARGS(NUM("watch"), PTR("ff"), PTR("opaque")) },
	{ "event_glib_dispatch_handle", "a file handle has events", "6.1", NULL,
	  ARGS(NUM("watch"), NUM("events"), PTR("cb"), PTR("opaque")) },
	{ "event_glib_add_timeout", "a timer is set up", "6.1", NULL,
	  ARGS(NUM("timer"), NUM("frequency"), PTR("cb"), PTR("opaque"), PTR("ff")) },
	{ "event_glib_update_timeout", "the frequency of a timer is changed", "6.1", NULL,
	  ARGS(NUM("timer"), NUM("frequency")) },
	{ "event_glib_remove_timeout", "a timer is about to end", "6.1", NULL, ARGS(NUM("timer")) },
	{ "event_glib_remove_timeout_idle", "a timer that ended is freed", "6.1", NULL,
	  ARGS(NUM("timer"), PTR("ff"), PTR("opaque")) },
	{ "event_glib_dispatch_timeout", "a timer has expired", "6.1", NULL,
	  ARGS(NUM("timer"), PTR("cb"), PTR("opaque")) },
	/* the event loop before it */
	{ "event_poll_add_handle", "a file handle is put under watch", "0.9.1", "6.1",
	  ARGS(NUM("watch"), NUM("fd"), NUM("events"), PTR("cb"), PTR("opaque"), PTR("ff")) },
	{ "event_poll_update_handle", "the events of a watch are changed", "0.9.1", "6.1",
	  ARGS(NUM("watch"), NUM("events")) },
	{ "event_poll_remove_handle", "a watch ends", "0.9.1", "6.1", ARGS(NUM("watch")) },
	{ "event_poll_dispatch_handle", "a file handle has events", "0.9.1", "6.1",
	  ARGS(NUM("watch"), NUM("events")) },
	{ "event_poll_purge_handle", "a watch that ended is freed", "0.9.1", "6.1",
	  ARGS(NUM("watch")) },
	{ "event_poll_add_timeout", "a timer is set up", "0.9.1", "6.1",
	  ARGS(NUM("timer"), NUM("frequency"), PTR("cb"), PTR("opaque"), PTR("ff")) },
	{ "event_poll_update_timeout", "the frequency of a timer is changed", "0.9.1", "6.1",
	  ARGS(NUM("timer"), NUM("frequency")) },
	{ "event_poll_remove_timeout", "a timer ends", "0.9.1", "6.1", ARGS(NUM("timer")) },
	{ "event_poll_dispatch_timeout", "a timer has expired", "0.9.1", "6.1", ARGS(NUM("timer")) },
	{ "event_poll_purge_timeout", "a timer that ended is freed", "0.9.1", "6.1",
	  ARGS(NUM("timer")) },
	{ "event_poll_run", "the event loop waits", "0.9.1", "6.1",
	  ARGS(NUM("nfds"), NUM("timeout")) },
	/* objects */
	{ "object_new", "an object was made", "1.0", NULL, ARGS(PTR("obj"), TEXT("klassname")) },
	{ "object_ref", "an object has one more user", "1.0", NULL, OBJECT },
	{ "object_unref", "an object has one user less", "1.0", NULL, OBJECT },
	{ "object_dispose", "an object is about to be freed", "1.0", NULL, OBJECT },
	/* remote procedure calls */
	{ "rpc_socket_new", "a socket was opened", "1.0", NULL,
	  ARGS(PTR("sock"), NUM("fd"), NUM("errfd"), { "pid", "pid_t" }, TEXT("localAddr"),
	       TEXT("remoteAddr")) },
	{ "rpc_socket_new", "a socket was opened", "0.9.5", "1.0",
	  ARGS(PTR("sock"), NUM("refs"), NUM("fd"), NUM("errfd"), { "pid", "pid_t" },
	       TEXT("localAddr"), TEXT("remoteAddr")) },
	{ "rpc_socket_dispose", "a socket is about to be freed", "1.0", NULL, SOCKET },
	{ "rpc_socket_ref", "a socket has one more user", "0.9.5", "1.0", WITH_REFS("sock") },
	{ "rpc_socket_free", "a socket has one user less", "0.9.5", "1.0", WITH_REFS("sock") },
	{ "rpc_socket_send_fd", "a file descriptor was sent", "0.9.5", NULL,
	  ARGS(PTR("sock"), NUM("fd")) },
	{ "rpc_socket_recv_fd", "a file descriptor was received", "0.9.5", NULL,
	  ARGS(PTR("sock"), NUM("fd")) },
	{ "rpc_server_client_new", "a server has a new client", "1.0", NULL,
	  ARGS(PTR("client"), PTR("sock")) },
	{ "rpc_server_client_new", "a server has a new client", "0.9.5", "1.0",
	  ARGS(PTR("client"), NUM("refs"), PTR("sock")) },
	{ "rpc_server_client_dispose", "a server's client is about to be freed", "1.0", NULL,
	  CLIENT },
	{ "rpc_server_client_ref", "a server's client has one more user", "0.9.5", "1.0",
	  WITH_REFS("client") },
	{ "rpc_server_client_free", "a server's client has one user less", "0.9.5", "1.0",
	  WITH_REFS("client") },
	{ "rpc_server_client_msg_tx_queue", "a server queues a message", "0.9.5", NULL,
	  MESSAGE("client") },
	{ "rpc_server_client_msg_rx", "a server received a message", "0.9.5", NULL,
	  MESSAGE("client") },
	{ "rpc_server_client_auth_allow", "a client was let in", "0.9.5", NULL,
	  ARGS(PTR("client"), NUM("authtype"), TEXT("identity")) },
	{ "rpc_server_client_auth_deny", "a client was turned away", "0.9.5", NULL,
	  ARGS(PTR("client"), NUM("authtype"), TEXT("identity")) },
	{ "rpc_server_client_auth_fail", "a client could not be authenticated", "0.9.5", NULL,
	  ARGS(PTR("client"), NUM("authtype")) },
	{ "rpc_client_new", "a client was made", "1.0", NULL, ARGS(PTR("client"), PTR("sock")) },
	{ "rpc_client_new", "a client was made", "0.9.5", "1.0",
	  ARGS(PTR("client"), NUM("refs"), PTR("sock")) },
	{ "rpc_client_dispose", "a client is about to be freed", "1.0", NULL, CLIENT },
	{ "rpc_client_ref", "a client has one more user", "0.9.5", "1.0", WITH_REFS("client") },
	{ "rpc_client_free", "a client has one user less", "0.9.5", "1.0", WITH_REFS("client") },
	{ "rpc_client_msg_tx_queue", "a client queues a message", "0.9.5", NULL,
	  MESSAGE("client") },
	{ "rpc_client_msg_rx", "a client received a message", "0.9.5", NULL, MESSAGE("client") },
	/* encryption */
	{ "rpc_tls_context_new", "a TLS context was made", "0.9.5", NULL,
	  ARGS(PTR("ctxt"), TEXT("cacert"), TEXT("cacrl"), TEXT("cert"), TEXT("key"),
	       NUM("sanityCheckCert"), NUM("requireValidCert"), NUM("isServer")) },
	{ "rpc_tls_context_dispose", "a TLS context is about to be freed", "1.0", NULL, CONTEXT },
	{ "rpc_tls_context_session_allow", "a certificate was accepted", "0.9.5", NULL,
	  ARGS(PTR("ctxt"), PTR("sess"), TEXT("dname")) },
	{ "rpc_tls_context_session_deny", "a certificate was refused", "0.9.5", NULL,
	  ARGS(PTR("ctxt"), PTR("sess"), TEXT("dname")) },
	{ "rpc_tls_context_session_fail", "a certificate could not be checked", "0.9.5", NULL,
	  ARGS(PTR("ctxt"), PTR("sess")) },
	{ "rpc_tls_session_new", "a TLS session was made", "0.9.5", NULL,
	  ARGS(PTR("sess"), PTR("ctxt"), TEXT("hostname"), NUM("isServer")) },
	{ "rpc_tls_session_dispose", "a TLS session is about to be freed", "1.0", NULL, SESSION },
	{ "rpc_tls_session_handshake_pass", "a TLS handshake succeeded", "0.9.5", NULL, SESSION },
	{ "rpc_tls_session_handshake_fail", "a TLS handshake failed", "0.9.5", NULL, SESSION },
	/* keepalive messages */
	{ "rpc_keepalive_new", "a connection is to be kept alive", "1.0", NULL,
	  ARGS(PTR("ka"), PTR("client")) },
	{ "rpc_keepalive_dispose", "a keepalive is about to be freed", "1.0", NULL, KEEPALIVE },
	{ "rpc_keepalive_start", "a keepalive starts", "0.9.8", NULL,
	  ARGS(PTR("ka"), PTR("client"), NUM("interval"), NUM("count")) },
	{ "rpc_keepalive_stop", "a keepalive stops", "0.9.8", NULL,
	  ARGS(PTR("ka"), PTR("client")) },
	{ "rpc_keepalive_send", "a keepalive message is sent", "0.9.8", NULL,
	  ARGS(PTR("ka"), PTR("client"), NUM("prog"), NUM("vers"), NUM("proc")) },
	{ "rpc_keepalive_received", "a keepalive message was received", "0.9.8", NULL,
	  ARGS(PTR("ka"), PTR("client"), NUM("prog"), NUM("vers"), NUM("proc")) },
	{ "rpc_keepalive_timeout", "a keepalive message stayed without answer", "0.9.8", NULL,
	  ARGS(PTR("ka"), PTR("client"), NUM("countToDeath"), NUM("idle")) },
	/* the monitor of QEMU */
	{ "qemu_monitor_new", "a monitor was connected", "1.0", NULL, ARGS(PTR("mon"), NUM("fd")) },
	{ "qemu_monitor_new", "a monitor was connected", "0.9.11", "1.0",
	  ARGS(PTR("mon"), NUM("refs"), NUM("fd")) },
	{ "qemu_monitor_ref", "a monitor has one more user", "1.0", NULL, MONITOR },
	{ "qemu_monitor_ref", "a monitor has one more user", "0.9.11", "1.0", WITH_REFS("mon") },
	{ "qemu_monitor_unref", "a monitor has one user less", "1.0", NULL, MONITOR },
	{ "qemu_monitor_unref", "a monitor has one user less", "0.9.11", "1.0", WITH_REFS("mon") },
	{ "qemu_monitor_close", "a monitor is closed", "1.0", NULL, MONITOR },
	{ "qemu_monitor_close", "a monitor is closed", "0.9.11", "1.0", WITH_REFS("mon") },
	{ "qemu_monitor_send_msg", "a command is sent to QEMU", "0.9.11", NULL,
	  ARGS(PTR("mon"), TEXT("msg"), NUM("fd")) },
	{ "qemu_monitor_recv_reply", "QEMU answered a command", "0.9.11", NULL,
	  ARGS(PTR("mon"), TEXT("reply")) },
	{ "qemu_monitor_recv_event", "QEMU told of an event", "0.9.11", NULL,
	  ARGS(PTR("mon"), TEXT("event")) },
	{ "qemu_monitor_io_process", "what was read from QEMU is looked through", "0.9.11", NULL,
	  ARGS(PTR("mon"), TEXT("buf"), { "len", "unsigned int" }) },
	{ "qemu_monitor_io_read", "bytes were read from QEMU", "0.9.11", NULL,
	  ARGS(PTR("mon"), PTR("buf"), { "len", "unsigned int" }, NUM("ret"), NUM("errno")) },
	{ "qemu_monitor_io_write", "bytes were written to QEMU", "0.9.11", NULL,
	  ARGS(PTR("mon"), PTR("buf"), { "len", "unsigned int" }, NUM("ret"), NUM("errno")) },
	{ "qemu_monitor_io_send_fd", "a file descriptor was sent to QEMU", "0.9.11", NULL,
	  ARGS(PTR("mon"), NUM("fd"), NUM("ret"), NUM("errno")) },
};
/* clang-format on */

const struct catalogue_provider catalogue_libvirt = {
	.name = "libvirt",
	.source = "https://gitlab.com/libvirt/libvirt/-/blob/master/src/libvirt_probes.d",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
	.words = true,
};
