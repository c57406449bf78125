package io.tankws.transport.jetty;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/** An end point that forwards every call to another one. Jetty has no such class. */
abstract class ForwardingEndPoint implements EndPoint, EndPoint.Wrapper {
    private final EndPoint socket;

    ForwardingEndPoint(EndPoint socket) {
        this.socket = socket;
    }

    @Override
    public EndPoint unwrap() {
        return socket;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return socket.getCreatedTimeStamp();
    }

    @Override
    public void shutdownOutput() {
        socket.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public void close(Throwable cause) {
        socket.close(cause);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return socket.fill(buffer);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return socket.flush(buffers);
    }

    @Override
    public Object getTransport() {
        return socket.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return socket.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        socket.setIdleTimeout(idleTimeout);
    }

    @Override
    public void fillInterested(Callback callback) {
        socket.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return socket.tryFillInterested(callback);
    }

    @Override
    public boolean isFillInterested() {
        return socket.isFillInterested();
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        socket.write(callback, buffers);
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return socket.cancelWrite(cause);
    }

    @Override
    public Connection getConnection() {
        return socket.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        socket.setConnection(connection);
    }

    @Override
    public void onOpen() {
        socket.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        socket.onClose(cause);
    }

    @Override
    public void upgrade(Connection connection) {
        socket.upgrade(connection);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return socket.getSslSessionData();
    }
}
