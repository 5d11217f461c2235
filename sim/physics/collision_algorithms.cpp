#include "sim/physics/collision_algorithms.h"

#include <btBulletDynamicsCommon.h>

#include <array>

#include "sim/physics/bullet_vectors.h"
#include "sim/physics/contacts.h"

namespace medal {

struct ContactSettings {
  const Terrain* terrain;
  float reach;  ///< m
};

namespace {

Capsule capsule_of(const btCollisionObjectWrapper& body) {
  const auto* shape = static_cast<const btCapsuleShape*>(body.getCollisionShape());
  const float half = shape->getHalfHeight();
  return {from_bullet(body.getWorldTransform().getOrigin()) - Vec3(0, 0, half), 2.0F * half};
}

int find_contacts(const ContactSettings& settings, const Capsule& capsule, const Vec3& motion,
                  const btCollisionObjectWrapper& solid, std::span<Contact> out) {
  if (solid.getCollisionShape()->getShapeType() == TERRAIN_SHAPE_PROXYTYPE)
    return terrain_contacts(*settings.terrain, capsule, motion, settings.reach, out);
  const auto* box = static_cast<const btBoxShape*>(solid.getCollisionShape());
  const btTransform& pose = solid.getWorldTransform();
  const Vec3 half_extents = from_bullet(box->getHalfExtentsWithMargin());
  const float cosine = pose.getBasis()[0][0], sine = pose.getBasis()[1][0];
  return box_contact(from_bullet(pose.getOrigin()), half_extents, cosine, sine, capsule, settings.reach, out[0]) ? 1
                                                                                                                 : 0;
}

/// One avatar against one solid. The avatar is always the manifold's body 0. Contacts are found anew in each substep.
class AnalyticAlgorithm final : public btCollisionAlgorithm {
 public:
  AnalyticAlgorithm(const btCollisionAlgorithmConstructionInfo& info, const btCollisionObject* avatar,
                    const btCollisionObject* solid, const ContactSettings& settings, bool swapped)
      : btCollisionAlgorithm(info),
        settings_(&settings),
        swapped_(swapped),
        manifold_(m_dispatcher->getNewManifold(avatar, solid)) {}
  ~AnalyticAlgorithm() override { m_dispatcher->releaseManifold(manifold_); }

  void processCollision(const btCollisionObjectWrapper* first, const btCollisionObjectWrapper* second,
                        const btDispatcherInfo& info, btManifoldResult*) override {
    const btCollisionObjectWrapper& avatar = swapped_ ? *second : *first;
    const btCollisionObjectWrapper& solid = swapped_ ? *first : *second;
    std::array<Contact, kMaximumTerrainContacts> contacts;
    const btVector3 velocity = static_cast<const btRigidBody*>(avatar.getCollisionObject())->getLinearVelocity();
    const int count =
        find_contacts(*settings_, capsule_of(avatar), from_bullet(velocity * info.m_timeStep), solid, contacts);
    manifold_->clearManifold();
    for (int i = 0; i < count; ++i) {
      const Contact& contact = contacts[static_cast<std::size_t>(i)];
      const btVector3 on_solid = to_bullet(contact.point), normal = to_bullet(contact.normal);
      const btVector3 on_avatar = on_solid + normal * contact.distance;
      btManifoldPoint point(avatar.getWorldTransform().invXform(on_avatar),
                            solid.getWorldTransform().invXform(on_solid), normal, contact.distance);
      point.m_positionWorldOnA = on_avatar;
      point.m_positionWorldOnB = on_solid;
      manifold_->addManifoldPoint(point);
    }
  }

  btScalar calculateTimeOfImpact(btCollisionObject*, btCollisionObject*, const btDispatcherInfo&,
                                 btManifoldResult*) override {
    return 1;
  }
  void getAllContactManifolds(btManifoldArray& manifolds) override { manifolds.push_back(manifold_); }

 private:
  const ContactSettings* settings_;
  bool swapped_;
  btPersistentManifold* manifold_;
};

struct CreateAnalytic final : btCollisionAlgorithmCreateFunc {
  CreateAnalytic(const ContactSettings& contact_settings, bool swapped) : settings(&contact_settings) {
    m_swapped = swapped;
  }
  btCollisionAlgorithm* CreateCollisionAlgorithm(btCollisionAlgorithmConstructionInfo& info,
                                                 const btCollisionObjectWrapper* first,
                                                 const btCollisionObjectWrapper* second) override {
    void* memory = info.m_dispatcher1->allocateCollisionAlgorithm(sizeof(AnalyticAlgorithm));
    const btCollisionObjectWrapper& avatar = m_swapped ? *second : *first;
    const btCollisionObjectWrapper& solid = m_swapped ? *first : *second;
    return new (memory)
        AnalyticAlgorithm(info, avatar.getCollisionObject(), solid.getCollisionObject(), *settings, m_swapped);
  }
  const ContactSettings* settings;
};

}  // namespace

AnalyticCollision::AnalyticCollision(const Terrain& terrain, float reach)
    : settings_(std::make_unique<ContactSettings>(ContactSettings{&terrain, reach})),
      terrain_(std::make_unique<CreateAnalytic>(*settings_, false)),
      terrain_swapped_(std::make_unique<CreateAnalytic>(*settings_, true)),
      box_(std::make_unique<CreateAnalytic>(*settings_, false)),
      box_swapped_(std::make_unique<CreateAnalytic>(*settings_, true)) {}
AnalyticCollision::~AnalyticCollision() = default;

void AnalyticCollision::install(btCollisionDispatcher& dispatcher) const {
  dispatcher.registerCollisionCreateFunc(CAPSULE_SHAPE_PROXYTYPE, TERRAIN_SHAPE_PROXYTYPE, terrain_.get());
  dispatcher.registerCollisionCreateFunc(TERRAIN_SHAPE_PROXYTYPE, CAPSULE_SHAPE_PROXYTYPE, terrain_swapped_.get());
  dispatcher.registerCollisionCreateFunc(CAPSULE_SHAPE_PROXYTYPE, BOX_SHAPE_PROXYTYPE, box_.get());
  dispatcher.registerCollisionCreateFunc(BOX_SHAPE_PROXYTYPE, CAPSULE_SHAPE_PROXYTYPE, box_swapped_.get());
}

}  // namespace medal
