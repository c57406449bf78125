package io.tankws.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.ArrayList;
import java.util.List;

/** One client. Its messages are gathered until its socket has been read, and then relayed together. */
final class NettyMember extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final int FINAL_TEXT = 0x81;
    private static final int MAX_HEAD = 4;

    private final NettyGroup everybody;
    private List<ByteBuf> batch = new ArrayList<>();

    NettyMember(NettyGroup everybody) {
        this.everybody = everybody;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            everybody.add(context.channel());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
        ByteBuf payload = frame.content();
        int length = payload.readableBytes();
        // The decoder accepts messages of at most 65535 bytes.
        ByteBuf encoded = context.alloc().directBuffer(length + MAX_HEAD).writeByte(FINAL_TEXT);
        if (length < 126) {
            encoded.writeByte(length);
        } else {
            encoded.writeByte(126).writeShort(length);
        }
        batch.add(encoded.writeBytes(payload));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!batch.isEmpty()) {
            everybody.send(context.channel(), batch);
            batch = new ArrayList<>();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        everybody.remove(context.channel());
        batch.forEach(ByteBuf::release);
        batch.clear();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
