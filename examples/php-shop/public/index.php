<?php

declare(strict_types=1);

$release = trim((string) file_get_contents(__DIR__ . '/release'));

/** Right means more than up: the database answers, and it has the schema that this release was made for. */
function selfTest(): string
{
    $database = new PDO((string) getenv('DATABASE_DSN'));
    $last = $database->query('SELECT MAX(name) FROM migration')->fetchColumn();
    $wanted = trim((string) file_get_contents(__DIR__ . '/../db/schema-version'));

    return strcmp((string) $last, $wanted) >= 0 ? 'right' : "wrong: schema $last, wanted $wanted";
}

[$status, $body] = match (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    '/is-alive' => [200, 'yes'],
    '/version' => [200, $release],
    '/self-test' => ($answer = selfTest()) === 'right' ? [200, $answer] : [500, $answer],
    default => [200, "Welcome to the shop, release $release."],
};

http_response_code($status);
header('Content-Type: text/plain; charset=utf-8');
echo $body, "\n";
