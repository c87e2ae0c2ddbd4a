/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* libvirt: its library, its daemons and their drivers. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define PTR(name) ARG(name, "void *")
#define NUM(name) ARG(name, "int")
#define TEXT(name) ARG(name, "const char *")
#define ARGS CATALOGUE_ARGUMENTS
#define MESSAGE(object)                                                                  \
	ARGS(PTR(object), NUM("len"), NUM("prog"), NUM("vers"), NUM("proc"), NUM("type"), \
	     NUM("status"), NUM("serial"))
#define OBJECT ARGS(PTR("obj"))
#define SOCKET ARGS(PTR("sock"))
#define CLIENT ARGS(PTR("client"))
#define CONTEXT ARGS(PTR("ctxt"))
#define SESSION ARGS(PTR("sess"))
#define KEEPALIVE ARGS(PTR("ka"))
#define MONITOR ARGS(PTR("mon"))
#define WITH_REFS(object) ARGS(PTR(object), NUM("refs"))

static const char rows[] =
	/* the event loop of GLib */
	ROW("event_glib_add_handle", "a file handle is put under watch", "6.1", "",
	    ARGS(NUM("watch"), NUM("fd"), NUM("events"), PTR("cb"), PTR("opaque"), PTR("ff")))
	ROW("event_glib_update_handle", "the events of a watch are changed", "6.1", "",
	    ARGS(NUM("watch"), NUM("events")))
	ROW("event_glib_remove_handle", "a watch is about to end", "6.1", "", ARGS(NUM("watch")))
	ROW("event_glib_remove_handle_idle", "a watch that ended is freed", "6.1", "",
	    ARGS(NUM("watch"), PTR("ff"), PTR("opaque")))
	ROW("event_glib_dispatch_handle", "a file handle has events", "6.1", "",
	    ARGS(NUM("watch"), NUM("events"), PTR("cb"), PTR("opaque")))
	ROW("event_glib_add_timeout", "a timer is set up", "6.1", "",
	    ARGS(NUM("timer"), NUM("frequency"), PTR("cb"), PTR("opaque"), PTR("ff")))
	ROW("event_glib_update_timeout", "the frequency of a timer is changed", "6.1", "",
	    ARGS(NUM("timer"), NUM("frequency")))
	ROW("event_glib_remove_timeout", "a timer is about to end", "6.1", "", ARGS(NUM("timer")))
	ROW("event_glib_remove_timeout_idle", "a timer that ended is freed", "6.1", "",
	    ARGS(NUM("timer"), PTR("ff"), PTR("opaque")))
	ROW("event_glib_dispatch_timeout", "a timer has expired", "6.1", "",
	    ARGS(NUM("timer"), PTR("cb"), PTR("opaque")))
	/* the event loop before it */
	ROW("event_poll_add_handle", "a file handle is put under watch", "0.9.1", "6.1",
	    ARGS(NUM("watch"), NUM("fd"), NUM("events"), PTR("cb"), PTR("opaque"), PTR("ff")))
	ROW("event_poll_update_handle", "the events of a watch are changed", "0.9.1", "6.1",
	    ARGS(NUM("watch"), NUM("events")))
	ROW("event_poll_remove_handle", "a watch ends", "0.9.1", "6.1", ARGS(NUM("watch")))
	ROW("event_poll_dispatch_handle", "a file handle has events", "0.9.1", "6.1",
	    ARGS(NUM("watch"), NUM("events")))
	ROW("event_poll_purge_handle", "a watch that ended is freed", "0.9.1", "6.1",
	    ARGS(NUM("watch")))
	ROW("event_poll_add_timeout", "a timer is set up", "0.9.1", "6.1",
	    ARGS(NUM("timer"), NUM("frequency"), PTR("cb"), PTR("opaque"), PTR("ff")))
	ROW("event_poll_update_timeout", "the frequency of a timer is changed", "0.9.1", "6.1",
	    ARGS(NUM("timer"), NUM("frequency")))
	ROW("event_poll_remove_timeout", "a timer ends", "0.9.1", "6.1", ARGS(NUM("timer")))
	ROW("event_poll_dispatch_timeout", "a timer has expired", "0.9.1", "6.1", ARGS(NUM("timer")))
	ROW("event_poll_purge_timeout", "a timer that ended is freed", "0.9.1", "6.1",
	    ARGS(NUM("timer")))
	ROW("event_poll_run", "the event loop waits", "0.9.1", "6.1",
	    ARGS(NUM("nfds"), NUM("timeout")))
	/* objects */
	ROW("object_new", "an object was made", "1.0", "", ARGS(PTR("obj"), TEXT("klassname")))
	ROW("object_ref", "an object has one more user", "1.0", "", OBJECT)
	ROW("object_unref", "an object has one user less", "1.0", "", OBJECT)
	ROW("object_dispose", "an object is about to be freed", "1.0", "", OBJECT)
	/* remote procedure calls */
	ROW("rpc_socket_new", "a socket was opened", "1.0", "",
	    ARGS(PTR("sock"), NUM("fd"), NUM("errfd"), ARG("pid", "pid_t"), TEXT("localAddr"),
	       TEXT("remoteAddr")))
	ROW("rpc_socket_new", "a socket was opened", "0.9.5", "1.0",
	    ARGS(PTR("sock"), NUM("refs"), NUM("fd"), NUM("errfd"), ARG("pid", "pid_t"),
	       TEXT("localAddr"), TEXT("remoteAddr")))
	ROW("rpc_socket_dispose", "a socket is about to be freed", "1.0", "", SOCKET)
	ROW("rpc_socket_ref", "a socket has one more user", "0.9.5", "1.0", WITH_REFS("sock"))
	ROW("rpc_socket_free", "a socket has one user less", "0.9.5", "1.0", WITH_REFS("sock"))
	ROW("rpc_socket_send_fd", "a file descriptor was sent", "0.9.5", "",
	    ARGS(PTR("sock"), NUM("fd")))
	ROW("rpc_socket_recv_fd", "a file descriptor was received", "0.9.5", "",
	    ARGS(PTR("sock"), NUM("fd")))
	ROW("rpc_server_client_new", "a server has a new client", "1.0", "",
	    ARGS(PTR("client"), PTR("sock")))
	ROW("rpc_server_client_new", "a server has a new client", "0.9.5", "1.0",
	    ARGS(PTR("client"), NUM("refs"), PTR("sock")))
	ROW("rpc_server_client_dispose", "a server's client is about to be freed", "1.0", "",
	    CLIENT)
	ROW("rpc_server_client_ref", "a server's client has one more user", "0.9.5", "1.0",
	    WITH_REFS("client"))
	ROW("rpc_server_client_free", "a server's client has one user less", "0.9.5", "1.0",
	    WITH_REFS("client"))
	ROW("rpc_server_client_msg_tx_queue", "a server queues a message", "0.9.5", "",
	    MESSAGE("client"))
	ROW("rpc_server_client_msg_rx", "a server received a message", "0.9.5", "",
	    MESSAGE("client"))
	ROW("rpc_server_client_auth_allow", "a client was let in", "0.9.5", "",
	    ARGS(PTR("client"), NUM("authtype"), TEXT("identity")))
	ROW("rpc_server_client_auth_deny", "a client was turned away", "0.9.5", "",
	    ARGS(PTR("client"), NUM("authtype"), TEXT("identity")))
	ROW("rpc_server_client_auth_fail", "a client could not be authenticated", "0.9.5", "",
	    ARGS(PTR("client"), NUM("authtype")))
	ROW("rpc_client_new", "a client was made", "1.0", "", ARGS(PTR("client"), PTR("sock")))
	ROW("rpc_client_new", "a client was made", "0.9.5", "1.0",
	    ARGS(PTR("client"), NUM("refs"), PTR("sock")))
	ROW("rpc_client_dispose", "a client is about to be freed", "1.0", "", CLIENT)
	ROW("rpc_client_ref", "a client has one more user", "0.9.5", "1.0", WITH_REFS("client"))
	ROW("rpc_client_free", "a client has one user less", "0.9.5", "1.0", WITH_REFS("client"))
	ROW("rpc_client_msg_tx_queue", "a client queues a message", "0.9.5", "",
	    MESSAGE("client"))
	ROW("rpc_client_msg_rx", "a client received a message", "0.9.5", "", MESSAGE("client"))
	/* encryption */
	ROW("rpc_tls_context_new", "a TLS context was made", "0.9.5", "",
	    ARGS(PTR("ctxt"), TEXT("cacert"), TEXT("cacrl"), TEXT("cert"), TEXT("key"),
	       NUM("sanityCheckCert"), NUM("requireValidCert"), NUM("isServer")))
	ROW("rpc_tls_context_dispose", "a TLS context is about to be freed", "1.0", "", CONTEXT)
	ROW("rpc_tls_context_session_allow", "a certificate was accepted", "0.9.5", "",
	    ARGS(PTR("ctxt"), PTR("sess"), TEXT("dname")))
	ROW("rpc_tls_context_session_deny", "a certificate was refused", "0.9.5", "",
	    ARGS(PTR("ctxt"), PTR("sess"), TEXT("dname")))
	ROW("rpc_tls_context_session_fail", "a certificate could not be checked", "0.9.5", "",
	    ARGS(PTR("ctxt"), PTR("sess")))
	ROW("rpc_tls_session_new", "a TLS session was made", "0.9.5", "",
	    ARGS(PTR("sess"), PTR("ctxt"), TEXT("hostname"), NUM("isServer")))
	ROW("rpc_tls_session_dispose", "a TLS session is about to be freed", "1.0", "", SESSION)
	ROW("rpc_tls_session_handshake_pass", "a TLS handshake succeeded", "0.9.5", "", SESSION)
	ROW("rpc_tls_session_handshake_fail", "a TLS handshake failed", "0.9.5", "", SESSION)
	/* keepalive messages */
	ROW("rpc_keepalive_new", "a connection is to be kept alive", "1.0", "",
	    ARGS(PTR("ka"), PTR("client")))
	ROW("rpc_keepalive_dispose", "a keepalive is about to be freed", "1.0", "", KEEPALIVE)
	ROW("rpc_keepalive_start", "a keepalive starts", "0.9.8", "",
	    ARGS(PTR("ka"), PTR("client"), NUM("interval"), NUM("count")))
	ROW("rpc_keepalive_stop", "a keepalive stops", "0.9.8", "",
	    ARGS(PTR("ka"), PTR("client")))
	ROW("rpc_keepalive_send", "a keepalive message is sent", "0.9.8", "",
	    ARGS(PTR("ka"), PTR("client"), NUM("prog"), NUM("vers"), NUM("proc")))
	ROW("rpc_keepalive_received", "a keepalive message was received", "0.9.8", "",
	    ARGS(PTR("ka"), PTR("client"), NUM("prog"), NUM("vers"), NUM("proc")))
	ROW("rpc_keepalive_timeout", "a keepalive message stayed without answer", "0.9.8", "",
	    ARGS(PTR("ka"), PTR("client"), NUM("countToDeath"), NUM("idle")))
	/* the monitor of QEMU */
	ROW("qemu_monitor_new", "a monitor was connected", "1.0", "", ARGS(PTR("mon"), NUM("fd")))
	ROW("qemu_monitor_new", "a monitor was connected", "0.9.11", "1.0",
	    ARGS(PTR("mon"), NUM("refs"), NUM("fd")))
	ROW("qemu_monitor_ref", "a monitor has one more user", "1.0", "", MONITOR)
	ROW("qemu_monitor_ref", "a monitor has one more user", "0.9.11", "1.0", WITH_REFS("mon"))
	ROW("qemu_monitor_unref", "a monitor has one user less", "1.0", "", MONITOR)
	ROW("qemu_monitor_unref", "a monitor has one user less", "0.9.11", "1.0", WITH_REFS("mon"))
	ROW("qemu_monitor_close", "a monitor is closed", "1.0", "", MONITOR)
	ROW("qemu_monitor_close", "a monitor is closed", "0.9.11", "1.0", WITH_REFS("mon"))
	ROW("qemu_monitor_send_msg", "a command is sent to QEMU", "0.9.11", "",
	    ARGS(PTR("mon"), TEXT("msg"), NUM("fd")))
	ROW("qemu_monitor_recv_reply", "QEMU answered a command", "0.9.11", "",
	    ARGS(PTR("mon"), TEXT("reply")))
	ROW("qemu_monitor_recv_event", "QEMU told of an event", "0.9.11", "",
	    ARGS(PTR("mon"), TEXT("event")))
	ROW("qemu_monitor_io_process", "what was read from QEMU is looked through", "0.9.11", "",
	    ARGS(PTR("mon"), TEXT("buf"), ARG("len", "unsigned int")))
	ROW("qemu_monitor_io_read", "bytes were read from QEMU", "0.9.11", "",
	    ARGS(PTR("mon"), PTR("buf"), ARG("len", "unsigned int"), NUM("ret"), NUM("errno")))
	ROW("qemu_monitor_io_write", "bytes were written to QEMU", "0.9.11", "",
	    ARGS(PTR("mon"), PTR("buf"), ARG("len", "unsigned int"), NUM("ret"), NUM("errno")))
	ROW("qemu_monitor_io_send_fd", "a file descriptor was sent to QEMU", "0.9.11", "",
	    ARGS(PTR("mon"), NUM("fd"), NUM("ret"), NUM("errno")));
/* clang-format on */

const struct catalogue_provider catalogue_libvirt = {
	.name = "libvirt",
	.source = "https://gitlab.com/libvirt/libvirt/-/blob/master/src/libvirt_probes.d",
	.rows = { rows, sizeof(rows) - 1 },
	.words = true,
};
