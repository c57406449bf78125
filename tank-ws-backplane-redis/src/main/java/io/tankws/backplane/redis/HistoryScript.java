package io.tankws.backplane.redis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The scripts of the history. Each of them runs as one atomic step of the server.
 *
 * <p>A topic has two keys. The metadata are a hash: epoch {@code e}, top offset {@code s}, run of the server {@code r}
 * in which the epoch began, bytes {@code b} of all payloads up to the top, and a lower bound {@code f} of the bytes
 * before the oldest kept publication. The stream has an entry for each kept publication, with the id {@code OFFSET-0},
 * the publication {@code p}, and the bytes {@code b} of all payloads before it.
 *
 * <p>A topic without metadata takes its epoch from a table, which it shares with the other topics of its slot. The
 * table is a hash with the run {@code r} of the server in which it began. The stream that takes an epoch removes it
 * from the table, so no second stream gets it, also if Redis evicts any of the keys.
 *
 * <p>No script depends on the presence of a key, or on one key being there because another one is.
 */
enum HistoryScript {
    /**
     * Appends and publishes. KEYS: metadata, stream, table, idempotency key if there is one. ARGV: those of
     * {@link #STATE}, then 5 publication, 6 bytes of its payload, 7 history size, 8 history bytes, 9 milliseconds that
     * the history is kept, 10 milliseconds that the idempotency key is kept, 11 command that publishes or an empty
     * text, 12 channel, 13 envelope with its length. Returns 1 and the position, or 0 and that of the earlier
     * publication.
     */
    APPEND(HistoryScript.EARLIER + """
            local first = KEYS[4] and earlier(KEYS[4])
            if first then return {0, first} end
            """ + HistoryScript.STATE + """
            local size, limit = tonumber(ARGV[6]), tonumber(ARGV[8])
            local bytes = m[4] and tonumber(m[4]) or 0
            local front = m[5] and tonumber(m[5]) or 0
            if not alive or top == MAX then
              epoch = upcoming()
              redis.call('HDEL', KEYS[3], ARGV[4])
              redis.call('DEL', KEYS[1], KEYS[2])
              redis.call('HSET', KEYS[1], 'e', epoch, 'r', server())
              top, bytes, front = 0, 0, 0
            end
            local before = bytes
            top = top + 1
            bytes = bytes + size
            if size > limit then
              redis.call('DEL', KEYS[2])
              front = bytes
            else
              local function add()
                return redis.pcall('XADD', KEYS[2], 'MAXLEN', ARGV[7], text(top) .. '-0',
                    'p', ARGV[5], 'b', text(before))
              end
              local added = add()
              if type(added) == 'table' and added.err
                  and (string.match(added.err, '^ERR') or string.match(added.err, '^WRONGTYPE')) then
                redis.call('DEL', KEYS[2])
                added = add()
              end
              if type(added) == 'table' and added.err then return added end
              if bytes - front > limit then
                local kept = redis.call('XLEN', KEYS[2])
                local low, high, step = top - kept, top, 1
                front = before
                local function fits(offset)
                  local id = text(offset) .. '-0'
                  local entry = redis.call('XRANGE', KEYS[2], id, id)[1]
                  local earlier = entry and tonumber(entry[2][4])
                  if not earlier or bytes - earlier > limit then return false end
                  front = earlier
                  return true
                end
                while low + step < high and not fits(low + step) do
                  low = low + step
                  step = step * 2
                end
                if low + step < high then high = low + step end
                while high - low > 1 do
                  local middle = math.floor((low + high) / 2)
                  if fits(middle) then high = middle else low = middle end
                end
                if kept > top - high + 1 then redis.call('XTRIM', KEYS[2], 'MAXLEN', text(top - high + 1)) end
              end
              redis.call('PEXPIRE', KEYS[2], ARGV[9])
            end
            redis.call('HSET', KEYS[1], 's', text(top), 'b', text(bytes), 'f', text(front))
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            local position = epoch .. ':' .. text(top)
            if KEYS[4] then redis.call('SET', KEYS[4], position, 'PX', ARGV[10]) end
            if ARGV[11] ~= '' then
              redis.call(ARGV[11], ARGV[12],
                  '\\255\\1' .. string.char(#position) .. position .. ARGV[13] .. ARGV[5])
            end
            return {1, position}
            """),

    /**
     * Publishes without a history. KEYS: idempotency key. ARGV: milliseconds that it is kept, command that publishes or
     * an empty text, channel, message. Returns what {@link #APPEND} does.
     */
    PUBLISH_ONCE(HistoryScript.EARLIER + """
            local first = earlier(KEYS[1])
            if first then return {0, first} end
            redis.call('SET', KEYS[1], ':0', 'PX', ARGV[1])
            if ARGV[2] ~= '' then redis.call(ARGV[2], ARGV[3], ARGV[4]) end
            return {1, ':0'}
            """),

    /**
     * Reads. KEYS: metadata, stream, table. ARGV: those of {@link #STATE}, then 5 epoch and 6 offset of the position,
     * or empty texts, 7 limit, 8 "1" for descending offsets. Returns epoch, top, number of kept publications, and the
     * entries of the stream. There are no entries if the position is unknown.
     */
    READ(HistoryScript.STATE + """
            if not alive then return {upcoming(), '0', 0, {}} end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            local since = tonumber(ARGV[6])
            local known = not since or (ARGV[5] == '' or ARGV[5] == epoch) and since <= top
            local entries = {}
            if known and ARGV[7] ~= '0' then
              if ARGV[8] == '1' then
                local from = since and text(since - 1) .. '-0' or '+'
                entries = redis.call('XREVRANGE', KEYS[2], from, '-', 'COUNT', ARGV[7])
              else
                local from = since and text(since + 1) .. '-0' or '-'
                entries = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', ARGV[7])
              end
            end
            return {epoch, text(top), redis.call('XLEN', KEYS[2]), entries}
            """);

    /** A function that returns the position of the earlier publication with an idempotency key, if there is one. */
    private static final String EARLIER = """
            local function earlier(key)
              local first = redis.call('GET', key)
              local epoch, offset = string.match(first or '', '^(%w*):(%d+)$')
              return epoch and #epoch <= 64 and tonumber(offset) <= 9007199254740991 and first
            end
            """;

    /**
     * The beginning of a script: the state of a topic. KEYS: metadata, stream, table. ARGV: 1 run of the server as this
     * session has seen it, empty if unknown, 2 epoch that was never used, 3 milliseconds that the metadata are kept, 4
     * entry of the table. If the server of the epoch is another one, the epoch is replaced, because a replica may lack
     * the end of the stream. The server is asked only if the session's view differs from the metadata.
     */
    private static final String STATE = """
            local MAX = 9007199254740991
            local function text(number) return string.format('%.0f', number) end
            local here
            local function server()
              if not here then
                local run, replication = redis.pcall('INFO', 'server'), redis.pcall('INFO', 'replication')
                if type(run) == 'string' and type(replication) == 'string' then
                  here = string.sub(string.match(run, '\\nrun_id:(%x+)') or '', 1, 12)
                      .. string.sub(string.match(replication, '\\nmaster_replid:(%x+)') or '', 1, 12)
                else
                  here = ARGV[1]
                end
              end
              return here
            end
            local function isHere(run) return ARGV[1] == '' or run == ARGV[1] or run == server() end
            local function upcoming()
              local t = redis.call('HMGET', KEYS[3], 'r', ARGV[4])
              local epoch = t[2]
              if not t[1] or not isHere(t[1]) then
                redis.call('DEL', KEYS[3])
                redis.call('HSET', KEYS[3], 'r', server())
                epoch = false
              end
              if not epoch then
                epoch = ARGV[2]
                redis.call('HSET', KEYS[3], ARGV[4], epoch)
              end
              redis.call('PEXPIRE', KEYS[3], ARGV[3])
              return epoch
            end
            local m = redis.call('HMGET', KEYS[1], 'e', 's', 'r', 'b', 'f')
            local epoch, top = m[1], m[2] and tonumber(m[2])
            local alive = epoch and #epoch <= 64 and string.match(epoch, '^%w+$')
                and top and top >= 1 and top <= MAX and top == math.floor(top)
            if alive and not isHere(m[3]) then
              epoch = ARGV[2]
              redis.call('HSET', KEYS[1], 'e', epoch, 'r', server())
            end
            """;

    private final byte[] text;
    private final String digest;

    HistoryScript(String text) {
        this.text = RedisKeys.utf8(text);
        digest = sha1(this.text);
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has SHA-1.
            throw new IllegalStateException(e);
        }
    }

    byte[] text() {
        return text;
    }

    /** Returns the name by which Redis knows the script after its first run. */
    String digest() {
        return digest;
    }
}
