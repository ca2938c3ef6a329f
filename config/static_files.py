"""The pages' files in production: names that hold a hash of what is in them, cached for ever, and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of JavaScript modules, too.

    Django finds them by pattern: a module's name ends in `.js`, its imports are relative and end with a semicolon.
    Anything else would be left alone without a word and break when its file changes; a test looks for it.
    """

    support_js_module_import_aggregation = True
    # A file's hash counts the hashed names in it, so each pass settles one more storey of imports. Django's own limit
    # of 5 is for stylesheets. Modules that import each other in a circle never settle.
    max_post_process_passes = 20
