/* What makes content good, beyond being sound enough to run: only `pandu check` asks for it. Internal to
 * domain/content. */
#ifndef PANDU_DOMAIN_CONTENT_LINT_H
#define PANDU_DOMAIN_CONTENT_LINT_H

struct loader;

void lint_content(struct loader *loader); /* all that follow, but lint_required */

/* The replies of required.h; always, unless the bundle has no replies at all (understanding only: benchmarks,
 * tests). */
void lint_required(struct loader *loader);

#endif
