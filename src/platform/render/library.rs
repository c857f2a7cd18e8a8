//! Libraries of which it is known whether they open a port or answer requests by themselves.
//!
//! The lists hold what their documentation says; a library that is on none of them may do anything.

use crate::project::command::is_among;

/// Packages of npm that keep a program running and open no port: clients of chats, queues and timers.
const NPM_WORKERS: &str = "discord.js eris oceanic.js node-telegram-bot-api telegraf whatsapp-web.js tmi.js mineflayer node-cron cron \
    node-schedule bull bullmq bee-queue agenda amqplib kafkajs twit twitter-api-v2 snoowrap @discordjs/rest";

/// Packages of npm that open no port and add no routes of their own.
const NPM_QUIET: &str = "@discordjs/voice @discordjs/builders @discordjs/opus discord-api-types libsodium-wrappers ffmpeg-static axios \
    node-fetch got undici dotenv dotenv-flow mongoose mongodb pg mysql mysql2 sqlite3 better-sqlite3 sequelize knex redis ioredis \
    @prisma/client lodash underscore moment dayjs date-fns luxon uuid nanoid chalk colors winston pino bcrypt bcryptjs jsonwebtoken \
    cheerio openai @google/generative-ai ms qrcode qrcode-terminal fs-extra rimraf yargs commander zod joi ajv validator cors helmet morgan \
    body-parser cookie-parser compression express-rate-limit express-validator express-async-handler multer nodemailer stripe \
    cloudinary express-session connect-mongo passport passport-local passport-jwt http-errors debug crypto-js slugify express-mongo-sanitize \
    xss-clean hpp socket.io-client ws-client @supabase/supabase-js firebase-admin aws-sdk googleapis sharp csv-parser csv-parse";

/// Modules of Node.js that can open a port.
const NODE_SERVERS: &str = "http https http2 net tls dgram cluster child_process worker_threads vm";

/// Modules of Python that keep a program running and open no port unless they are told to.
const PYTHON_WORKERS: &str =
    "discord nextcord disnake telegram telebot pyrogram telethon aiogram tweepy praw schedule apscheduler pika";

/// Modules of Python's own library and of others that open no port and add no routes.
const PYTHON_QUIET: &str = "abc argparse array ast base64 bisect calendar collections configparser contextlib copy csv dataclasses datetime \
    decimal difflib enum functools gc getpass glob gzip hashlib heapq hmac html inspect io itertools json locale logging math mimetypes \
    numbers operator os pathlib pickle platform pprint queue random re secrets shutil signal statistics string struct sys tempfile textwrap \
    threading time timeit traceback types typing typing_extensions unicodedata urllib uuid warnings weakref zipfile zlib zoneinfo asyncio \
    concurrent sqlite3 ssl __future__ dotenv requests httpx pytz dateutil pymongo motor redis psycopg2 psycopg asyncpg sqlalchemy \
    pydantic pydantic_settings numpy pandas bs4 lxml openai google PIL yaml jwt passlib bcrypt jose tenacity colorama tqdm aiofiles emoji \
    youtube_dl yt_dlp pyfiglet matplotlib";

/// Whether a package of npm keeps a program running without a port.
#[must_use]
pub fn is_npm_worker(package: &str) -> bool {
    is_among(NPM_WORKERS, package)
}

/// Whether a package of npm opens no port and adds no routes.
#[must_use]
pub fn is_npm_quiet(package: &str) -> bool {
    is_among(NPM_QUIET, package)
}

/// Whether a module of Node.js can open a port or start a program that does.
#[must_use]
pub fn may_serve(builtin: &str) -> bool {
    is_among(NODE_SERVERS, builtin)
}

/// Whether a module of Python keeps a program running without a port.
#[must_use]
pub fn is_python_worker(module: &str) -> bool {
    is_among(PYTHON_WORKERS, module)
}

/// Whether a module of Python opens no port and adds no routes.
#[must_use]
pub fn is_python_quiet(module: &str) -> bool {
    is_among(PYTHON_QUIET, module)
}
