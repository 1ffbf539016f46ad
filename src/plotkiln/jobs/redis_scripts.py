"""The scripts that change jobs in Redis, each in one step.

All keys begin with `PREFIX`, whose hash tag puts them into one slot: a script names a key by what
it finds, so that not all are known before. Every key expires some time after the last job that it
is for, should no sweep remove that. What still names a job that is gone is removed by who comes
across: whoever adds to a sorted set looks at its first members.

    job:<id>                 hash: record, version, and what the record is found by
    of:<state>:<owner>       sorted set of positions, by text
    equal:<digest>:<owner>   list of the ids of an owner's jobs of one drawing, the newest first
    key:<hash>               id of the job that an idempotency key was used for, and behind it
                             the fingerprint of what was asked for
    keys:<id>                set of the hashes of a job's idempotency keys
    digest:<digest>          set of ids that wait or run
    active:<state>           sorted set of ids that wait or run, by when they are forgotten
    attention                sorted set of ids, by when the sweep must look at them
"""

from typing import Final

__all__ = ["ATTENTION", "NEWEST", "PAGE", "PREFIX", "REMOVE", "REPLACE", "SIBLINGS", "SUBMIT"]

PREFIX: Final = "plotkiln:{jobs}:"

_KEYS = f"""
local function of(...) return '{PREFIX}' .. table.concat({{...}}, ':') end
local function record(id) return redis.call('HGET', of('job', id), 'record') end
local function id(position) return string.sub(position, -26) end
"""

#: Writes a job and all that finds it; takes it out of where its state was before.
_WRITE = """
local function last(key, life)
  if redis.call('PTTL', key) < tonumber(life) then redis.call('PEXPIRE', key, life) end
end
local function unlist(one, owner, digest, state, position)
  redis.call('ZREM', of('of', state, owner), position)
  redis.call('ZREM', of('active', state), one)
  redis.call('SREM', of('digest', digest), one)
end
local function add(key, score, member, life)
  for _, oldest in ipairs(redis.call('ZRANGE', key, 0, 3)) do
    if redis.call('EXISTS', of('job', id(oldest))) == 0 then redis.call('ZREM', key, oldest) end
  end
  redis.call('ZADD', key, score, member)
  last(key, life)
end
local function list(job)
  add(of('of', job.state, job.owner), 0, job.position, job.life)
  add(of('attention'), job.attention, job.id, job.life)
  if not job.active then return end
  add(of('active', job.state), job.forgotten, job.id, job.life)
  redis.call('SADD', of('digest', job.digest), job.id)
  last(of('digest', job.digest), job.life)
end
local function write(job, record)
  local key = of('job', job.id)
  redis.call('HSET', key, 'record', record, 'version', job.version, 'state', job.state,
    'owner', job.owner, 'digest', job.digest, 'position', job.position,
    'joinable', job.joinable, 'busy', job.busy)
  redis.call('PEXPIRE', key, job.life)
  list(job)
end
"""

#: Arguments: what finds the job, the job, when it was created, its idempotency key's hash, and
#: the fingerprint of what was asked for.
SUBMIT: Final = f"""{_KEYS}{_WRITE}
local job, record, created = cjson.decode(ARGV[1]), ARGV[2], ARGV[3]
local key, asked = ARGV[4], ARGV[5]
local function name(one)
  if key == '' then return end
  local life = redis.call('PTTL', of('job', one))
  redis.call('SET', of('key', key), one .. asked, 'PX', life)
  redis.call('SADD', of('keys', one), key)
  redis.call('PEXPIRE', of('keys', one), life)
end
local named = key ~= '' and redis.call('GET', of('key', key))
local known = named and string.sub(named, 1, 26)
local found = known and redis.call('HGET', of('job', known), 'record')
if found then
  if string.sub(named, 27) ~= asked then return {{'other', known}} end
  return {{'joined', found}}
end
local equal = of('equal', job.digest, job.owner)
local newest = redis.call('LINDEX', equal, 0)
while newest and redis.call('EXISTS', of('job', newest)) == 0 do
  redis.call('LPOP', equal)
  newest = redis.call('LINDEX', equal, 0)
end
found = newest and redis.call('HMGET', of('job', newest), 'joinable', 'record')
if found and tonumber(found[1]) > tonumber(created) then
  name(newest)
  return {{'joined', found[2]}}
end
write(job, record)
redis.call('LPUSH', equal, job.id)
last(equal, job.life)
name(job.id)
return {{'new', ''}}
"""

#: Arguments: what finds the job, the job, the version to be replaced, whether it begins, the time.
REPLACE: Final = f"""{_KEYS}{_WRITE}
local job, record, expected, begins, now = cjson.decode(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local before = redis.call('HMGET', of('job', job.id), 'version', 'state')
if before[1] ~= expected then return {{'version', before[1] or '0'}} end
if begins == '1' then
  for _, other in ipairs(redis.call('SMEMBERS', of('digest', job.digest))) do
    local busy = other ~= job.id and redis.call('HGET', of('job', other), 'busy')
    if busy and tonumber(busy) > tonumber(now) then return {{'busy', other}} end
  end
end
unlist(job.id, job.owner, job.digest, before[2], job.position)
write(job, record)
last(of('equal', job.digest, job.owner), job.life)
local names = of('keys', job.id)
local longer = tonumber(job.life) - redis.call('PTTL', names)
if redis.call('EXISTS', names) == 1 and longer > 1000 then
  for _, name in ipairs(redis.call('SMEMBERS', names)) do
    redis.call('PEXPIRE', of('key', name), job.life)
  end
  redis.call('PEXPIRE', names, job.life)
end
return {{'version', expected}}
"""

#: Arguments: the id, and the version that may be removed.
REMOVE: Final = f"""{_KEYS}{_WRITE}
local one = ARGV[1]
local job = redis.call('HMGET', of('job', one), 'version', 'owner', 'digest', 'state', 'position')
if job[1] ~= ARGV[2] then return 0 end
unlist(one, job[2], job[3], job[4], job[5])
redis.call('ZREM', of('attention'), one)
redis.call('LREM', of('equal', job[3], job[2]), 1, one)
for _, name in ipairs(redis.call('SMEMBERS', of('keys', one))) do
  redis.call('DEL', of('key', name))
end
redis.call('DEL', of('job', one), of('keys', one))
return 1
"""

#: Arguments: the owner, the latest position, how many, and the states. Asks again where something
#: was left of a job that is gone.
PAGE: Final = f"""{_KEYS}
local owner, latest, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local function found()
  local positions = {{}}
  for place = 4, #ARGV do
    local key = of('of', ARGV[place], owner)
    for _, one in ipairs(redis.call('ZREVRANGEBYLEX', key, latest, '-', 'LIMIT', 0, limit)) do
      table.insert(positions, {{one, key}})
    end
  end
  table.sort(positions, function(one, other) return one[1] > other[1] end)
  return positions
end
while true do
  local records, gone = {{}}, 0
  for _, one in ipairs(found()) do
    local text = record(id(one[1]))
    if text then
      if #records < limit then table.insert(records, text) end
    else
      gone = gone + redis.call('ZREM', one[2], one[1])
    end
  end
  if gone == 0 then return records end
end
"""

#: Arguments: until when, how many, and the moment and the id after which they begin.
ATTENTION: Final = f"""{_KEYS}
local key, limit, moment, last = of('attention'), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local function due()
  local ids, passed = {{}}, 0
  while true do
    local some = redis.call('ZRANGEBYSCORE', key, moment, ARGV[1], 'WITHSCORES',
      'LIMIT', passed, limit)
    for place = 1, #some, 2 do
      if #ids == limit then return ids end
      local later = tonumber(some[place + 1]) > tonumber(moment)
      if later or some[place] > last then table.insert(ids, some[place]) end
    end
    if #some < 2 * limit then return ids end
    passed = passed + limit
  end
end
while true do
  local records, gone = {{}}, 0
  for _, one in ipairs(due()) do
    local text = record(one)
    if text then table.insert(records, text) else gone = gone + redis.call('ZREM', key, one) end
  end
  if gone == 0 then return records end
end
"""

#: Arguments: the owner, and the digest. The list may name jobs that are gone.
NEWEST: Final = f"""{_KEYS}
for _, one in ipairs(redis.call('LRANGE', of('equal', ARGV[2], ARGV[1]), 0, -1)) do
  local text = record(one)
  if text then return text end
end
return ''
"""

#: Argument: the digest.
SIBLINGS: Final = f"""{_KEYS}
local records, key = {{}}, of('digest', ARGV[1])
for _, one in ipairs(redis.call('SMEMBERS', key)) do
  local text = record(one)
  if text then table.insert(records, text) else redis.call('SREM', key, one) end
end
return records
"""
