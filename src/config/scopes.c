#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "config/scopes.h"

/* root.section.name.tool, of which section and tool may be NULL: then it is one step less. */
static const struct rd_yaml *
map_at(const struct rd_config_file *f, const char *section, const char *name, const char *tool)
{
	const struct rd_yaml *map = f->yaml.root;
	if (section)
		map = rd_yaml_get(map, section);
	map = rd_yaml_get(map, name);
	return tool ? rd_yaml_get(map, tool) : map;
}

static bool
find_at(const struct rd_config *c, struct rd_config_value *v, const char *tool, const char *option)
{
	for (size_t i = 0; i < c->count; i++) {
		v->file = &c->files[i];
		v->node = rd_yaml_get(map_at(v->file, v->section, v->name, tool), option);
		if (v->node)
			return true;
	}
	return false;
}

/* A host or profile: what it says of the tool, then what it says of all. */
static bool
find_in(const struct rd_config *c, const struct rd_config_scopes *s, const char *option,
	struct rd_config_value *v)
{
	bool host = strcmp(v->section, "hosts") == 0;
	bool own = host && (strcmp(option, "key") == 0 || strcmp(option, "address") == 0);
	return (s->as && find_at(c, v, s->as, option)) || find_at(c, v, s->tool, option) ||
		(!own && find_at(c, v, NULL, option));
}

bool
rd_config_find(const struct rd_config *c, const struct rd_config_scopes *s, const char *option,
	struct rd_config_value *out)
{
	struct rd_config_value *v = out;
	for (size_t i = 0; i < s->profile_count; i++) {
		*v = (struct rd_config_value){.rank = (int)i, .section = "profiles",
			.name = s->profiles[s->profile_count - 1 - i]};
		if (find_in(c, s, option, v))
			return true;
	}
	*v = (struct rd_config_value){.rank = RD_CONFIG_OF_HOST, .section = "hosts", .name = s->host};
	if (s->host && find_in(c, s, option, v))
		return true;
	*v = (struct rd_config_value){.rank = RD_CONFIG_OF_TOOL, .name = s->as};
	if (s->as && find_at(c, v, NULL, option))
		return true;
	v->name = s->tool;
	if (find_at(c, v, NULL, option))
		return true;
	*v = (struct rd_config_value){.rank = RD_CONFIG_OF_ALL, .name = "defaults"};
	return find_at(c, v, NULL, option);
}

const char *
rd_config_of_host(const struct rd_config *c, const char *host, const char *what)
{
	struct rd_config_value v = {.section = "hosts", .name = host};
	return find_at(c, &v, NULL, what) && v.node->kind == RD_YAML_TEXT ? v.node->text : NULL;
}

bool
rd_config_exists(const struct rd_config *c, const char *section, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (map_at(&c->files[i], section, name, NULL))
			return true;
	return false;
}

const char *
rd_config_nearest(const struct rd_config *c, const char *section, const char *name)
{
	const char **names = NULL, *nearest;
	size_t n = 0;
	for (size_t i = 0; i < c->count; i++) {
		const struct rd_yaml *map = rd_yaml_get(c->files[i].yaml.root, section);
		for (size_t k = 0; map && map->kind == RD_YAML_MAP && k < map->count; k++) {
			names = xreallocarray(names, n + 1, sizeof(*names));
			names[n++] = map->keys[k]->text;
		}
	}
	nearest = rd_nearest(name, names, n);
	free(names);
	return nearest;
}
