package io.tankws.backplane.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A filter that blanks the unknown rest of Redis errors before Lettuce reads them. Redis quotes arguments in errors,
 * one of them may be a password, and Lettuce logs such texts and puts them into exceptions. The filter follows the
 * Redis protocol (RESP2 and RESP3) and keeps only the first known words of an error.
 */
final class ErrorMask extends ChannelInboundHandlerAdapter {
    /** Maximum number of digits of a length. */
    private static final int MAX_DIGITS = 18;

    private enum State {
        TYPE,
        LINE,
        ERROR,
        LENGTH,
        CONTENT
    }

    private State state = State.TYPE;
    /** True while the parser is inside an error. */
    private boolean error;

    private boolean negative;
    private int digits;
    private long length;
    /** Unchanged beginning of the current error, or {@code null} after the known words. */
    private @Nullable StringBuilder prefix;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            mask(bytes);
        }
        context.fireChannelRead(message);
    }

    void mask(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int at = bytes.readerIndex();
        while (at < end) {
            if (state == State.CONTENT && !error) {
                long step = Math.min(length, end - at);
                at += (int) step;
                length -= step;
                state = length == 0 ? State.TYPE : State.CONTENT;
            } else {
                take(bytes, at++);
            }
        }
    }

    private void take(ByteBuf bytes, int at) {
        byte next = bytes.getByte(at);
        switch (state) {
            case TYPE -> begin(next);
            case LINE -> state = next == '\n' ? State.TYPE : State.LINE;
            case ERROR -> {
                if (next == '\n') {
                    state = State.TYPE;
                } else if (next != '\r') {
                    blank(bytes, at, next);
                }
            }
            case LENGTH -> digit(next);
            default -> {
                // The last two bytes end the line.
                if (length-- > 2) {
                    blank(bytes, at, next);
                }
                state = length == 0 ? State.TYPE : State.CONTENT;
            }
        }
    }

    private void begin(byte type) {
        error = type == '-' || type == '!';
        prefix = new StringBuilder();
        negative = false;
        digits = 0;
        length = 0;
        state = switch (type) {
            case '-' -> State.ERROR;
            case '$', '=', '!', ';' -> State.LENGTH;
            case '+', ':', ',', '#', '_', '(', '*', '%', '~', '>', '|', '.' -> State.LINE;
            default -> State.ERROR;
        };
    }

    private void digit(byte next) {
        if (next == '\n') {
            boolean content = !negative && digits > 0;
            length += 2;
            state = content ? State.CONTENT : State.TYPE;
        } else if (next == '-' || next == '?') {
            negative = true;
        } else if (next >= '0' && next <= '9' && digits < MAX_DIGITS) {
            length = length * 10 + next - '0';
            digits++;
        }
    }

    private void blank(ByteBuf bytes, int at, byte next) {
        if (prefix != null) {
            prefix.append((char) (next & 0xFF));
            if (RedisError.isPrefix(prefix)) {
                return;
            }
            prefix = null;
        }
        bytes.setByte(at, ' ');
    }
}
